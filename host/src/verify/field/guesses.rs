//! Mistakes that are usual, made natively: of a field, of a list, of a message. One whose digest is the one that came is the mistake.

use std::cell::Cell;

use weft_schemas::tree::Tree;

use super::leaves::{Place, leaves, lists};
use super::{Finding, Given, render};
use crate::interrupt;

/// Messages of more fields than this are guessed at by the fields of all elements at once only.
const FEW: usize = 200;

/// Guesses of one sort end when so many fields were copied for them together: that takes some seconds.
const FIELDS: usize = 1 << 22;
/// However long the message, so many guesses are made.
const FEWEST: usize = 16;

/// The mistake that makes this digest.
pub fn made(given: Given, digest: u64) -> Option<Finding> {
    let tree = given.tree();
    let others = [given.index.wrapping_add(1), given.index.wrapping_sub(1), 0].map(|index| {
        // The message before the first is none.
        Given { index: index.min(given.index.saturating_add(1)), ..given }.tree()
    });
    let fits = |tree: &Tree| (given.kind.tree_digest)(tree, given.task) == Some(Ok(digest));
    let most = (FIELDS / leaves(&tree).len().max(1)).max(FEWEST);
    let guesses = || Guesses { tree: &tree, others: &others, fits: &fits, left: Cell::new(most) };
    let sorts = [Guesses::message, Guesses::fields, Guesses::lists, Guesses::swapped];
    sorts.iter().find_map(|sort| sort(&guesses()))
}

struct Guesses<'a> {
    tree: &'a Tree,
    others: &'a [Tree; 3],
    fits: &'a dyn Fn(&Tree) -> bool,
    /// How many more may be made.
    left: Cell<usize>,
}

impl Guesses<'_> {
    /// Whether what `make` makes has the digest that came. It is not made any more when enough were, or when this command is to end.
    fn is(&self, make: impl FnOnce() -> Tree) -> bool {
        let left = self.left.get();
        if left == 0 || interrupt::asked().is_some() {
            return false;
        }
        self.left.set(left - 1);
        (self.fits)(&make())
    }

    /// Another message than the one that was sent.
    fn message(&self) -> Option<Finding> {
        let found = ["the next message", "the message before it", "message 0"];
        let (_, found) =
            self.others.iter().zip(found).find(|(other, _)| *other != self.tree && self.is(|| (*other).clone()))?;
        let (field, expected) = ("the whole message".to_owned(), "another one".to_owned());
        Some(Finding { field, expected, found: found.to_owned() })
    }

    /// A field: alone, or of all elements.
    fn fields(&self) -> Option<Finding> {
        let leaves = leaves(self.tree);
        if leaves.len() <= FEW {
            for leaf in &leaves {
                let expected = leaf.get(self.tree)?;
                for found in self.others_of(leaf, &leaves) {
                    if found != *expected && self.is(|| leaf.replaced(self.tree, found.clone())) {
                        return Some(finding(&leaf.path, expected, &found));
                    }
                }
            }
        }
        let first = |leaf: &&Place| leaf.elements.iter().all(|element| *element == 0) && !leaf.elements.is_empty();
        leaves.iter().filter(first).find_map(|leaf| self.everywhere(leaf, &leaves))
    }

    /// What may have been read instead of a field.
    fn others_of(&self, leaf: &Place, leaves: &[Place]) -> Vec<Tree> {
        let mut others = leaf.get(self.tree).map(mistaken).unwrap_or_default();
        others.extend(self.others.iter().filter_map(|other| leaf.get(other)).cloned());
        let same = leaves.iter().filter(|other| other.shape == leaf.shape && other.path != leaf.path);
        others.extend(same.filter_map(|other| other.get(self.tree)).cloned());
        others
    }

    /// The same mistake with a field of all elements.
    fn everywhere(&self, first: &Place, leaves: &[Place]) -> Option<Finding> {
        let same: Vec<&Place> = leaves.iter().filter(|leaf| leaf.shape == first.shape).collect();
        let expected = first.get(self.tree)?;
        for number in 0..mistaken(expected).len() {
            let mistake = |leaf: &Place| mistaken(leaf.get(self.tree)?).into_iter().nth(number);
            let make = || {
                let mut tree = self.tree.clone();
                let mistakes = same.iter().filter_map(|leaf| Some((leaf, mistake(leaf)?)));
                mistakes.for_each(|(leaf, value)| leaf.set(&mut tree, value));
                tree
            };
            // What is not changed has another digest: that of the right message.
            if self.is(make) {
                return Some(finding(&first.shape, expected, &mistake(first)?));
            }
        }
        None
    }

    /// A list that is shorter, longer, or in another order.
    fn lists(&self) -> Option<Finding> {
        for list in lists(self.tree) {
            let Some(Tree::Array(elements)) = list.get(self.tree) else { continue };
            for (what, other) in rearranged(elements) {
                if other != *elements && self.is(|| list.replaced(self.tree, Tree::Array(other))) {
                    let expected = render::content(&Tree::Array(elements.clone()));
                    return Some(Finding { field: list.path, expected, found: what.to_owned() });
                }
            }
        }
        None
    }

    /// Two fields of an element that changed places.
    fn swapped(&self) -> Option<Finding> {
        let leaves = leaves(self.tree);
        if leaves.len() > FEW {
            return None;
        }
        for (number, leaf) in leaves.iter().enumerate() {
            for other in leaves.iter().skip(number + 1).filter(|other| other.element() == leaf.element()) {
                let (one, two) = (leaf.get(self.tree)?, other.get(self.tree)?);
                if one == two || std::mem::discriminant(one) != std::mem::discriminant(two) {
                    continue;
                }
                if self.is(|| other.replaced(&leaf.replaced(self.tree, two.clone()), one.clone())) {
                    let found = format!("{} ({} changed places with it)", render::content(two), other.path);
                    return Some(Finding { field: leaf.path.clone(), expected: render::content(one), found });
                }
            }
        }
        None
    }
}

fn finding(field: &str, expected: &Tree, found: &Tree) -> Finding {
    Finding { field: field.to_owned(), expected: render::content(expected), found: render::content(found) }
}

/// What is read instead of a value where it is left out, cut, or its bytes are in another order.
fn mistaken(value: &Tree) -> Vec<Tree> {
    match value {
        Tree::Integer(number) => {
            let number = i128::from(*number);
            let bits = number as u64;
            let cut = [bits as u8 as i128, bits as u16 as i128, i128::from(bits as u32), i128::from(bits)];
            let signed = [bits as i8 as i128, bits as i16 as i128, i128::from(bits as i32), i128::from(bits as i64)];
            let turned = [
                i128::from((bits as u16).swap_bytes()),
                i128::from((bits as u32).swap_bytes()),
                i128::from(bits.swap_bytes()),
                i128::from(bits.swap_bytes() as i64),
            ];
            let near = [0, 1, -number, number + 1, number - 1, number << 1, number >> 1];
            near.into_iter().chain(cut).chain(signed).chain(turned).filter_map(integer).collect()
        }
        Tree::Float(number) => {
            let bits = (*number as f32).to_bits();
            let turned = f32::from_bits(bits.swap_bytes());
            let all = [0.0, -number, number.trunc(), f64::from(turned), f64::from(bits), number.abs()];
            all.into_iter().map(Tree::Float).collect()
        }
        Tree::Bool(value) => vec![Tree::Bool(!value)],
        Tree::Text(text) => texts(text).into_iter().map(Tree::Text).collect(),
        Tree::Bytes(bytes) => {
            let len = bytes.len();
            let cut = [0, len % 256, len % 65_536, len.saturating_sub(1), len / 2, len / 8 * 8];
            let mut all: Vec<Vec<u8>> = cut.iter().map(|len| bytes[..*len].to_vec()).collect();
            all.push(bytes.iter().skip(1).copied().collect());
            all.push(bytes.iter().rev().copied().collect());
            all.push(vec![0; len]);
            all.extend([bytes.as_slice(), &[0]].map(|more| [bytes.as_slice(), more].concat()));
            all.into_iter().map(Tree::Bytes).collect()
        }
        _ => Vec::new(),
    }
}

fn integer(number: i128) -> Option<Tree> {
    Some(Tree::Integer(number.try_into().ok()?))
}

/// Texts that are empty, cut, or longer by an end.
fn texts(text: &str) -> Vec<String> {
    let cut = |len: usize| text.get(..len).map(str::to_owned);
    let len = text.len();
    let lengths = [0, len % 256, len % 65_536, len.saturating_sub(1), len / 2, 255, 127, 63, 31];
    let mut all: Vec<String> = lengths.into_iter().filter_map(cut).collect();
    all.push(text.chars().skip(1).collect());
    all.push(text.to_lowercase());
    all.push(text.trim_end_matches('\0').to_owned());
    all.push(format!("{text}\0"));
    all.push(format!("\"{text}\""));
    all.push(text.escape_debug().to_string());
    all.push(text.chars().filter(char::is_ascii).collect());
    all
}

/// A list as it may have been read instead, and what that is.
fn rearranged(elements: &[Tree]) -> Vec<(&'static str, Vec<Tree>)> {
    let mut turned = elements.to_vec();
    turned.reverse();
    let rotated = |by: usize| {
        let mut rotated = elements.to_vec();
        if !rotated.is_empty() {
            let len = rotated.len();
            rotated.rotate_left(by % len);
        }
        rotated
    };
    let len = elements.len();
    let repeated = elements.first().map(|first| vec![first.clone(); len]).unwrap_or_default();
    vec![
        ("an empty list", Vec::new()),
        ("the same without its last element", elements.iter().take(len.saturating_sub(1)).cloned().collect()),
        ("the same without its first element", elements.iter().skip(1).cloned().collect()),
        ("its first element alone", elements.iter().take(1).cloned().collect()),
        ("its first element, again and again", repeated),
        ("the same from its last element to its first", turned),
        ("the same from its second element on, the first at the end", rotated(1)),
        ("the same from its last element on", rotated(len.saturating_sub(1))),
        ("the same from its middle on", rotated(len / 2)),
        ("the same twice", [elements, elements].concat()),
        ("the same and its last element again", elements.iter().chain(elements.last()).cloned().collect()),
    ]
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use weft_schemas::{KINDS, Task};

    use super::{Given, Guesses};

    #[test]
    fn no_more_guesses_are_made_than_there_is_time_for() {
        let kind = KINDS.iter().find(|kind| kind.name == "player").expect("a kind");
        let tree = Given { kind, size: 3, seed: 7, index: 1, task: Task::Own }.tree();
        let (others, made) = ([0, 1, 2].map(|_| tree.clone()), Cell::new(0));
        let fits = |_: &_| {
            made.set(made.get() + 1);
            false
        };
        for left in [0, 7] {
            let guesses = || Guesses { tree: &tree, others: &others, fits: &fits, left: Cell::new(left) };
            assert_eq!((guesses().fields(), made.take()), (None, left));
            assert_eq!((guesses().lists(), made.take()), (None, left));
        }
    }
}
