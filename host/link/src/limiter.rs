//! What the guests of one store may take, as wasmtime asks for it: each memory and table, and all memories together.

use wasmtime::{ResourceLimiter, StoreLimits, StoreLimitsBuilder};

use crate::engine::Limits;

/// How an error begins that is about more memory than the limits give.
pub const TOO_MUCH: &str = "forcing trap when growing memory";

/// The limits of a store, and what is left of them.
pub struct Limiter {
    each: StoreLimits,
    /// So many bytes a memory may have.
    most: usize,
    /// So many bytes all its memories together may still take.
    left: usize,
}

impl Limiter {
    /// All memories of a store have twice what one may have: as much as two guests do, however many memories a guest has.
    pub fn new(Limits { memory_bytes, table_elements, instances, .. }: Limits) -> Self {
        let each = StoreLimitsBuilder::new()
            .table_elements(table_elements)
            .instances(instances)
            .memories(instances)
            .tables(instances)
            // A guest that asks for more is stopped there, and by name.
            .trap_on_grow_failure(true)
            .build();
        Self { each, most: memory_bytes, left: memory_bytes.saturating_mul(2) }
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        let beyond = |beside: &str| {
            let raise = "raise the limit with WEFT_LIMITS=memory=… (docs/ABI.md, Limits)";
            Err(wasmtime::Error::msg(format!("{TOO_MUCH} to {desired} bytes{beside}; {raise}")))
        };
        if desired > self.most {
            return beyond("");
        }
        let allowed = self.each.memory_growing(current, desired, maximum)?;
        let Some(left) = self.left.checked_sub(desired.saturating_sub(current)) else {
            return beyond(", beside the store's other memories");
        };
        if allowed {
            self.left = left;
        }
        Ok(allowed)
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        self.each.memory_grow_failed(error)
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        self.each.table_growing(current, desired, maximum)
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        self.each.table_grow_failed(error)
    }

    fn instances(&self) -> usize {
        self.each.instances()
    }

    fn tables(&self) -> usize {
        self.each.tables()
    }

    fn memories(&self) -> usize {
        self.each.memories()
    }
}

#[cfg(test)]
mod tests {
    use super::{Limiter, Limits, ResourceLimiter};

    #[test]
    fn memories_share_what_two_may_have() {
        let mut limiter = Limiter::new(Limits { memory_bytes: 1000, ..Limits::default() });
        let error = limiter.memory_growing(0, 1001, None).expect_err("more than one may have").to_string();
        assert!(error.contains("to 1001 bytes; raise the limit with WEFT_LIMITS=memory="), "{error}");
        for (current, desired) in [(0, 1000), (0, 600), (600, 900), (0, 100)] {
            assert!(
                limiter.memory_growing(current, desired, None).is_ok_and(|allowed| allowed),
                "{current} to {desired}"
            );
        }
        let error = limiter.memory_growing(100, 101, None).expect_err("more than two may have").to_string();
        assert!(error.contains("to 101 bytes, beside the store's other memories"), "{error}");
        assert!(limiter.memory_growing(100, 100, None).is_ok_and(|allowed| allowed));
    }
}
