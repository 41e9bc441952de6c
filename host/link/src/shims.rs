//! What stands between guests, kept as compiled: the shims of a transport are the same for most pairs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::artifact::Artifact;

/// So many are kept. The texts of compositions are made of what guests say, so strangers could go on making new ones.
const KEPT: usize = 256;

/// Compiled shims, by their texts.
#[derive(Debug, Default)]
pub struct Shims(Mutex<HashMap<String, Arc<Artifact>>>);

impl Shims {
    /// What `compile` makes of a text, or made of it earlier.
    ///
    /// # Errors
    /// Those of `compile`.
    pub fn find_or_compile(
        &self,
        text: &str,
        compile: impl FnOnce() -> wasmtime::Result<Artifact>,
    ) -> wasmtime::Result<Arc<Artifact>> {
        if let Some(found) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(text) {
            return Ok(Arc::clone(found));
        }
        // Nobody waits meanwhile. Two that find none both compile, which only takes longer.
        let made = Arc::new(compile()?);
        let mut shims = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if shims.len() >= KEPT {
            shims.clear();
        }
        Ok(Arc::clone(shims.entry(text.to_owned()).or_insert(made)))
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT, Shims};
    use crate::artifact::Artifact;

    #[test]
    fn a_shim_is_compiled_once() {
        let shims = Shims::default();
        let find = |text: &str, made: u8| shims.find_or_compile(text, || Ok(Artifact(vec![made]))).ok();
        let first = find("(module)", 1);
        assert_eq!(first.as_deref(), Some(&Artifact(vec![1])));
        assert_eq!(find("(module)", 2), first, "it was found");
        assert_eq!(find("(component)", 3).as_deref(), Some(&Artifact(vec![3])), "another text is another shim");
        for number in 0..2 * KEPT {
            assert!(find(&number.to_string(), 4).is_some());
        }
        assert!(shims.0.lock().expect("nobody panicked").len() <= KEPT);
        assert!(shims.find_or_compile("(modul)", || Err(wasmtime::Error::msg("no"))).is_err());
    }
}
