//! Which field is wrong where a digest is: a digest is a hash, but the host knows the value, its fields' names, and what a digest takes
//! of it in which order. Nothing here knows a message: values are trees of named fields.
//!
//! - [`Given::traced`]: a consumer that was built to record what its digests take says which word differs first.
//! - [`Given::explained`]: from the digest alone. A word that differs can be solved for in each place ([`solutions`]), and is believed where
//!   it is nearly the right one; mistakes that are usual ([`guesses`]) are made natively and compared.

mod guesses;
mod layout;
mod leaves;
mod render;

use std::fmt;

use weft_schemas::digest::solutions;
use weft_schemas::trace::recorded;
use weft_schemas::tree::Tree;
use weft_schemas::{Kind, Outcome, Task};

use layout::Layout;
pub use layout::Part;

/// Messages of more words than this are not solved for.
const LONGEST: usize = 1 << 15;

/// Fields are not named of messages with a larger payload, in bytes: for that the message is changed and digested hundreds of times, as a
/// tree with the names of all its fields.
const LARGEST_NAMED: u64 = 1 << 20;

/// A field that a consumer read wrongly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its name from the message on: `records[0].http.status`.
    pub field: String,
    /// What it is.
    pub expected: String,
    /// What was read instead, or what must have happened.
    pub found: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is read as {}, but is {}", self.field, self.found, self.expected)
    }
}

/// A message that was sent, and the task.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// Its kind.
    pub kind: &'static Kind,
    /// How many elements it has.
    pub size: u32,
    /// What it was generated from.
    pub seed: u64,
    /// Its number.
    pub index: u32,
    /// What is done with it.
    pub task: Task,
}

impl Given {
    /// Its value.
    pub fn tree(self) -> Tree {
        (self.kind.tree)(self.seed, self.index, self.size)
    }

    /// The digest, and the words that it takes in their order.
    pub fn words(self) -> (Outcome, Vec<u64>) {
        recorded(|| (self.kind.digest)(self.seed, self.index, self.size, self.task))
    }

    /// Why its fields are not named; none where they are.
    pub fn unnamed(self) -> Option<String> {
        let bytes = (self.kind.payload_bytes)(self.seed, self.index, self.size);
        (bytes > LARGEST_NAMED).then(|| {
            format!("no field is named: this message has {bytes} bytes of payload; try one of {LARGEST_NAMED} at most")
        })
    }

    /// What each of the words is. Of a message that is [`unnamed`](Self::unnamed) this takes minutes.
    pub fn layout(self) -> Vec<Vec<Part>> {
        Layout::of(self).parts
    }

    /// Which field is wrong, from the digest that came instead of the right one. None where it matches no single wrong field, and of a
    /// message that is [`unnamed`](Self::unnamed).
    pub fn explained(self, digest: u64) -> Option<Finding> {
        if self.unnamed().is_some() {
            return None;
        }
        guesses::made(self, digest).or_else(|| self.solved(digest))
    }

    /// The field whose word can be solved for and is nearly the right one.
    fn solved(self, digest: u64) -> Option<Finding> {
        let (_, words) = self.words();
        if words.len() > LONGEST {
            return None;
        }
        let candidates = solutions(&words, digest).into_iter().enumerate();
        let candidates: Vec<_> = candidates.flat_map(|(place, found)| found.map(|found| (place, found))).collect();
        let near = |&(place, found): &(usize, u64)| layout::may_be_near(words[place], found);
        let candidates: Vec<_> = candidates.into_iter().filter(near).collect();
        if candidates.is_empty() {
            return None;
        }
        let layout = Layout::of(self);
        candidates.into_iter().find_map(|(place, found)| {
            if !layout.is_near(place, found) {
                return None;
            }
            let mut all = words.clone();
            *all.get_mut(place)? = found;
            Some(layout.difference(place, &all))
        })
    }

    /// The first field that differs, from what the consumer's digest took. None where nothing differs, and of a message that is
    /// [`unnamed`](Self::unnamed).
    pub fn traced(self, found: &[u64]) -> Option<Finding> {
        if self.unnamed().is_some() {
            return None;
        }
        let (_, words) = self.words();
        let place = words.iter().zip(found).position(|(expected, found)| expected != found);
        let place = place.or_else(|| (words.len() != found.len()).then(|| words.len().min(found.len())))?;
        Some(Layout::of(self).difference(place, found))
    }
}

/// The digest of the value that a tree is, and the words that it takes.
fn words(kind: &Kind, task: Task, tree: &Tree) -> Option<(Outcome, Vec<u64>)> {
    let (outcome, words) = recorded(|| (kind.tree_digest)(tree, task));
    Some((outcome?, words))
}

#[cfg(test)]
mod tests {
    use weft_schemas::{KINDS, Log, Message, Ping, Task, ping};

    use super::{Finding, Given};

    fn given(kind: &str, size: u32, task: Task) -> Given {
        let kind = KINDS.iter().find(|other| other.name == kind).expect("a kind");
        Given { kind, size, seed: 7, index: 1, task }
    }

    fn named(found: Option<Finding>) -> String {
        found.map_or_else(String::new, |found| found.to_string())
    }

    #[test]
    fn words_have_names() {
        let layout = given("log", 2, Task::Scan).layout();
        let name = |place: usize| layout[place].iter().map(Part::to_string).collect::<Vec<_>>().join(", ");
        use super::Part;
        assert_eq!(name(0), "records[0].timestamp");
        assert_eq!(name(2), "records[0].zone_id, records[0].origin.port");
        assert_eq!(name(6), "records[0].http.content_type (its length)");
        assert_eq!(name(7), "records[0].http.content_type");
        assert_eq!(name(layout.len() - 1), "records (how many)");
        let enumerations = name(5);
        assert!(enumerations.contains("records[0].zone_plan") && enumerations.contains("records[0].country"));
        assert!(layout.iter().flatten().any(|part| part.to_string() == "records[1].ray_id"));
        assert!(layout.iter().all(|parts| !parts.is_empty()), "{layout:?}");
    }

    #[test]
    fn a_single_wrong_number_is_named_with_both_values() {
        let given = given("ping", 1, Task::Scan);
        let right = Ping::generate(7, 1, 1);
        let wrong = Ping { kind: right.kind ^ 0x0410, ..right };
        let expected = format!("kind is read as {}, but is {}", wrong.kind, right.kind);
        assert_eq!(named(given.explained(ping::scan(&wrong))), expected);
        let wrong = Ping { sequence: 0, ..right };
        assert_eq!(
            named(given.explained(ping::scan(&wrong))),
            format!("sequence is read as 0, but is {}", right.sequence)
        );
        assert_eq!(given.explained(ping::scan(&right) ^ 1), None);
    }

    #[test]
    fn fields_of_large_messages_are_not_named() {
        let [named, unnamed] = [1 << 20, (1 << 20) + 8].map(|size| given("blob", size, Task::Scan));
        let digest =
            |given: Given| (given.kind.digest)(given.seed, given.index + 1, given.size, given.task).expect("a digest");
        assert_eq!(named.unnamed(), None);
        assert!(named.explained(digest(named)).is_some_and(|found| found.found == "the next message"));
        assert!(
            unnamed
                .unnamed()
                .is_some_and(|why| why.contains("has 1048584 bytes of payload; try one of 1048576 at most"))
        );
        assert_eq!(unnamed.explained(digest(unnamed)), None);
        assert_eq!(unnamed.traced(&[]), None);
    }

    #[test]
    fn usual_mistakes_are_recognised() {
        let given = given("log", 2, Task::Own);
        let right = Log::generate(7, 1, 2);
        let explained = |change: &dyn Fn(&mut Log)| {
            let mut wrong = right.clone();
            change(&mut wrong);
            named(given.explained(wrong.digest(Task::Own).expect("a digest")))
        };
        let swapped = explained(&|log| {
            let http = &mut log.records[0].http;
            std::mem::swap(&mut http.status, &mut http.host_status);
        });
        assert!(
            swapped.contains("records[0].http.status") && swapped.contains("records[0].http.host_status"),
            "{swapped}"
        );
        let empty = explained(&|log| log.records[1].ray_id.clear());
        assert!(empty.starts_with("records[1].ray_id is read as \"\", but is \""), "{empty}");
        let everywhere = explained(&|log| log.records.iter_mut().for_each(|record| record.bytes_dlv = 0));
        assert!(everywhere.starts_with("records[].bytes_dlv is read as 0"), "{everywhere}");
        let short = explained(&|log| drop(log.records.pop()));
        assert!(short.starts_with("records is read as"), "{short}");
    }

    #[test]
    fn traces_name_the_first_field() {
        let given = given("log", 2, Task::Scan);
        let mut wrong = Log::generate(7, 1, 2);
        wrong.records[1].http.referer = "elsewhere".to_owned();
        wrong.records[1].ray_id.clear();
        let (_, words) = weft_schemas::trace::recorded(|| wrong.digest(Task::Scan));
        let found = named(given.traced(&words));
        assert!(
            found.starts_with("records[1].http.referer is read as \"elsewhere\", but is \"https://www."),
            "{found}"
        );
        let (_, words) = given.words();
        assert_eq!(given.traced(&words), None);
        let found = named(given.traced(&words[..3]));
        assert!(found.contains("nothing") && found.starts_with("records[0].http"), "{found}");
    }
}
