//! A value as a tree of its fields' names and contents, for whoever knows no type: what serde says of it.

use ciborium::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::message::digest_for;
use crate::{Message, Outcome, Task};

/// A value of any message: maps of fields, lists, and what stands at their ends.
pub type Tree = Value;

/// The tree of a value. Null where serde cannot say what it is.
pub(crate) fn of<M: Message + Serialize>(value: &M) -> Tree {
    Value::serialized(value).unwrap_or(Value::Null)
}

/// The digest of the value that a tree is; none where it is no value of this type.
pub(crate) fn digest<M: Message + DeserializeOwned>(tree: &Tree, task: Task) -> Option<Outcome> {
    Some(digest_for(tree.deserialized::<M>().ok()?, task))
}

#[cfg(test)]
mod tests {
    use crate::{KINDS, Task, WILD};

    /// Also the wild ones: no float loses a bit, no number its sign.
    #[test]
    fn trees_are_values_again() {
        for kind in KINDS {
            for (seed, index) in [(1, 0), (WILD | 1, 0), (WILD | 1, 1), (WILD | 2, 2)] {
                let size = 5.clamp(kind.sizes.0, kind.sizes.1);
                let tree = (kind.tree)(seed, index, size);
                let expected = (kind.digest)(seed, index, size, Task::Scan);
                assert_eq!((kind.tree_digest)(&tree, Task::Scan), Some(expected), "{} {seed:#x}", kind.name);
            }
        }
        assert_eq!((KINDS[0].tree_digest)(&super::Tree::Null, Task::Scan), None);
    }
}
