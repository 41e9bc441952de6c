//! Strings in three states of trust, behind one trait.

use crate::Status;

/// A string field as a codec hands it out: bytes for the digest, and the checked owned string.
pub trait Text {
    /// The string's bytes.
    fn bytes(&self) -> &[u8];
    /// The owned string; checks UTF-8 where that has not happened yet.
    fn owned(&self) -> Result<String, Status>;

    /// The same of a string that nobody needs any more: one that is owned is not copied.
    #[inline(always)]
    fn into_owned(self) -> Result<String, Status>
    where
        Self: Sized,
    {
        self.owned()
    }
}

/// Checked already.
impl Text for &str {
    #[inline(always)]
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    #[inline(always)]
    fn owned(&self) -> Result<String, Status> {
        Ok((*self).to_owned())
    }
}

/// Not checked: a scan hashes the bytes as they are, `owned` checks them.
impl Text for &[u8] {
    #[inline(always)]
    fn bytes(&self) -> &[u8] {
        self
    }

    #[inline(always)]
    fn owned(&self) -> Result<String, Status> {
        core::str::from_utf8(self).map(str::to_owned).map_err(|_| Status::InvalidText)
    }
}

/// Checked and owned.
impl Text for String {
    #[inline(always)]
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    #[inline(always)]
    fn owned(&self) -> Result<String, Status> {
        Ok(self.clone())
    }

    #[inline(always)]
    fn into_owned(self) -> Result<String, Status> {
        Ok(self)
    }
}
