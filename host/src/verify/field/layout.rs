//! What each word of a digest is: found by changing fields and looking which words change.
//!
//! All fields of one name (`records[].http.status`) are changed at once, and then those of every second element, every fourth and so on:
//! that takes a few dozen digests of the message, and some hundreds more where fields change how many words there are.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use weft_schemas::tree::Tree;
use weft_schemas::{EDGES, WILD};

use super::leaves::{Place, leaves, lists};
use super::{Finding, Given, render, words};

/// As many fields are changed one by one, where changing them changes how many words there are.
const ONE_BY_ONE: usize = 300;
/// As many messages are looked through for other values of a field.
const OTHERS: u32 = 8;

/// What a part of a word is of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A number, or an enumeration's.
    Number,
    /// Bytes of a text or a byte string.
    Content,
    /// The length of one, or whether an optional value is there.
    Length,
    /// How many elements a list has.
    Count,
    /// It stands before that field.
    Before,
}

/// A part of a word that a digest takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The field.
    place: Place,
    /// What of it.
    what: What,
    /// The lowest of its bits in the word.
    shift: u32,
    /// The bits that changed with it.
    mask: u64,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = match self.what {
            What::Number | What::Content => "",
            What::Length => " (its length)",
            What::Count => " (how many)",
            What::Before => " (what precedes it)",
        };
        write!(f, "{}{of}", self.place.path)
    }
}

/// A message's value, and what each word of its digest is.
pub struct Layout {
    given: Given,
    tree: Tree,
    words: Vec<u64>,
    /// For each word its parts, from the lowest bit.
    pub parts: Vec<Vec<Part>>,
    leaves: Vec<Place>,
}

impl Layout {
    /// The layout of a message's digest.
    pub fn of(given: Given) -> Self {
        let tree = given.tree();
        let (_, words) = given.words();
        let (leaves, parts) = (leaves(&tree), vec![Vec::new(); words.len()]);
        let mut layout = Self { given, tree, words, parts, leaves };
        let pool = pool(given);
        let changed = layout.shapes(&pool);
        layout.elements(&changed, &pool);
        layout.one_by_one(&changed, &pool);
        layout.lengths();
        layout.rest();
        layout.parts.iter_mut().for_each(|parts| parts.sort_by_key(|part| part.shift));
        layout
    }

    /// The words after some leaves are changed; none where it is no value then, or has another number of words.
    fn with(&self, pool: &Pool, how: &HashMap<&str, How>, change: impl Fn(&Place) -> bool) -> Option<Vec<u64>> {
        let mut tree = self.tree.clone();
        for leaf in self.leaves.iter().filter(|leaf| change(leaf)) {
            let other = how.get(leaf.shape.as_str()).zip(leaf.get(&self.tree));
            if let Some(value) = other.and_then(|(how, value)| how.other(value, pool.get(&leaf.shape)?)) {
                leaf.set(&mut tree, value);
            }
        }
        words(self.given.kind, self.given.task, &tree).map(|(_, words)| words)
    }

    /// Changes all fields of each name at once; returns how those are changed that keep the number of words.
    fn shapes(&mut self, pool: &Pool) -> HashMap<String, How> {
        let mut found = HashMap::new();
        let mut shapes: BTreeMap<String, Place> = BTreeMap::new();
        for leaf in &self.leaves {
            shapes.entry(leaf.shape.clone()).or_insert_with(|| leaf.clone());
        }
        for (shape, place) in shapes {
            let works = |how: &How| {
                let changed = self.with(pool, &HashMap::from([(shape.as_str(), *how)]), |leaf| leaf.shape == shape)?;
                (changed.len() == self.words.len()).then_some((*how, changed))
            };
            let Some((how, changed)) = [How::Bend, How::Other].iter().find_map(works) else { continue };
            for (at, (before, after)) in self.words.iter().zip(&changed).enumerate() {
                let like = place.get(&self.tree);
                self.parts[at].extend(parts(&place, before ^ after, how, like));
            }
            found.insert(shape, how);
        }
        found
    }

    /// Finds for each part in which elements it lies, bit by bit of their numbers.
    fn elements(&mut self, how: &HashMap<String, How>, pool: &Pool) {
        let how: HashMap<&str, How> = how.iter().map(|(shape, how)| (shape.as_str(), *how)).collect();
        let depth = self.leaves.iter().map(|leaf| leaf.elements.len()).max().unwrap_or(0);
        let mut numbers: HashMap<(usize, usize), Vec<usize>> = HashMap::new();
        for level in 0..depth {
            let number = |leaf: &Place| leaf.elements.get(level).copied().unwrap_or(0);
            let largest = self.leaves.iter().map(number).max().unwrap_or(0);
            for bit in (0..usize::BITS).take_while(|bit| largest >> bit > 0) {
                let Some(changed) = self.with(pool, &how, |leaf| number(leaf) >> bit & 1 == 1) else { return };
                for (at, (before, after)) in self.words.iter().zip(&changed).enumerate() {
                    for (which, part) in self.parts[at].iter().enumerate() {
                        let set = usize::from((before ^ after) & part.mask != 0);
                        numbers.entry((at, which)).or_insert_with(|| vec![0; depth])[level] |= set << bit;
                    }
                }
            }
        }
        let leaves: HashMap<(&str, &[usize]), &Place> =
            self.leaves.iter().map(|leaf| ((leaf.shape.as_str(), leaf.elements.as_slice()), leaf)).collect();
        for ((at, which), numbers) in numbers {
            let part = &mut self.parts[at][which];
            let key = (part.place.shape.as_str(), numbers.get(..part.place.elements.len()).unwrap_or_default());
            if let Some(leaf) = leaves.get(&key) {
                part.place = (*leaf).clone();
            }
        }
    }

    /// Changes fields one by one whose change makes more or fewer words: the first word that changes is theirs.
    fn one_by_one(&mut self, changed: &HashMap<String, How>, pool: &Pool) {
        let is_empty = |leaf: &Place| match leaf.get(&self.tree) {
            Some(Tree::Text(text)) => text.is_empty(),
            Some(Tree::Bytes(bytes)) => bytes.is_empty(),
            _ => false,
        };
        let left = |leaf: &&Place| is_empty(leaf) || !changed.contains_key(&leaf.shape);
        for leaf in self.leaves.iter().filter(left).take(ONE_BY_ONE).cloned().collect::<Vec<_>>() {
            let mut others = vec![Tree::Text("x".to_owned()), Tree::Bytes(vec![1])];
            others.extend(pool.get(&leaf.shape).into_iter().flatten().cloned());
            others.retain(|other| Some(other) != leaf.get(&self.tree));
            let taken = |other| words(self.given.kind, self.given.task, &leaf.replaced(&self.tree, other));
            let Some((_, found)) = others.into_iter().find_map(taken) else { continue };
            if let Some(at) = self.words.iter().zip(&found).position(|(before, after)| before != after) {
                self.parts[at].push(Part { place: leaf, what: What::Length, shift: 0, mask: u64::MAX });
            }
        }
    }

    /// Names the words before texts that are their lengths.
    fn lengths(&mut self) {
        for at in 1..self.parts.len() {
            let [.., before, part] = &mut self.parts[..=at] else { continue };
            if let ([], Some(Part { what: What::Content, place, .. })) = (before.as_slice(), part.first())
                && let Some(Tree::Text(_) | Tree::Bytes(_)) = place.get(&self.tree)
            {
                let place = place.clone();
                before.push(Part { place, what: What::Length, shift: 0, mask: u64::MAX });
            }
        }
    }

    /// Names what no field changes: the lengths of lists, by their values, and what is left by what follows.
    fn rest(&mut self) {
        let len = |list: &Place| match list.get(&self.tree) {
            Some(Tree::Array(elements)) => elements.len() as u64,
            _ => u64::MAX,
        };
        let lists = lists(&self.tree);
        let mut next: Option<Place> = None;
        for at in (0..self.parts.len()).rev() {
            if let Some(part) = self.parts[at].first() {
                next = Some(part.place.clone());
                continue;
            }
            let counted = lists.iter().find(|list| len(list) == self.words[at]);
            let found = counted.map(|list| (list.clone(), What::Count));
            if let Some((place, what)) = found.or_else(|| Some((next.clone()?, What::Before))) {
                self.parts[at].push(Part { place, what, shift: 0, mask: u64::MAX });
            }
        }
    }

    /// Which part of a word differs, and where the next one begins.
    fn part(&self, at: usize, found: u64) -> Option<(&Part, u32)> {
        let parts = self.parts.get(at)?;
        let lowest = (self.words[at] ^ found).trailing_zeros().min(63);
        let which = parts.iter().rposition(|part| part.shift <= lowest).unwrap_or(0);
        Some((parts.get(which)?, parts.get(which + 1).map_or(64, |next| next.shift)))
    }

    /// Whether a word is nearly the right one, so that it can be believed that it was read: what is solved for is somewhere in 2⁶⁴.
    pub fn is_near(&self, at: usize, found: u64) -> bool {
        let Some((part, end)) = self.part(at, found) else { return false };
        let differs = self.words[at] ^ found;
        match part.what {
            What::Content => bytes(differs) <= 2,
            What::Count => self.words[at].abs_diff(found) < 1 << 16,
            What::Length | What::Before => false,
            What::Number if end - part.shift > 32 => is_little(self.words[at], found),
            What::Number => end == 64 || differs >> end == 0,
        }
    }

    /// What differs at this word, where a digest took these.
    pub fn difference(&self, at: usize, found: &[u64]) -> Finding {
        let Some((part, end)) = self.part(at, found.get(at).copied().unwrap_or(0)) else {
            let (right, wrong) = (self.words.len(), found.len());
            let words = |count: usize| format!("{count} words of the digest");
            return Finding { field: "the whole message".to_owned(), expected: words(right), found: words(wrong) };
        };
        let value = part.place.get(&self.tree);
        let like = value.unwrap_or(&Tree::Null);
        let expected = render::content(like);
        let found = match (found.get(at), part.what) {
            (None, _) => "nothing: the digest ends before it".to_owned(),
            (Some(word), What::Number) => {
                let width = end - part.shift;
                render::number(word >> part.shift & (u64::MAX >> (64 - width)), width, like)
            }
            (Some(word), What::Count) => format!("a list of {word}"),
            (Some(_), What::Content | What::Length) => self.text(at, part, found),
            (Some(word), What::Before) => format!("something that {word:#x} says, not {:#x}", self.words[at]),
        };
        Finding { field: part.place.path.clone(), expected, found }
    }

    /// The text that was read for a field, as far as the words say it.
    fn text(&self, at: usize, part: &Part, found: &[u64]) -> String {
        let begins = |parts: &Vec<Part>| parts.iter().any(|p| p.what == What::Length && p.place == part.place);
        let start = self.parts.get(..=at).and_then(|parts| parts.iter().rposition(begins)).unwrap_or(at);
        let (len, rest) = match found.get(start..) {
            Some([len, rest @ ..]) => (*len, rest),
            _ => (0, [].as_slice()),
        };
        match render::bytes_of(len, rest).map(String::from_utf8) {
            Some(Ok(text)) if matches!(part.place.get(&self.tree), Some(Tree::Text(_))) => render::quoted(&text),
            Some(Ok(text)) => render::of_bytes(text.as_bytes()),
            Some(Err(error)) => render::of_bytes(error.as_bytes()),
            None => format!("something of {len} bytes"),
        }
    }
}

/// Other values of fields, by the fields' names.
type Pool = HashMap<String, Vec<Tree>>;

fn pool(given: Given) -> Pool {
    let mut pool = Pool::new();
    let size = given.size.min(8);
    for (seed, index) in (0..OTHERS).flat_map(|index| [(given.seed, index), (WILD | 1, index), (EDGES, index)]) {
        let tree = (given.kind.tree)(seed, index, size);
        for leaf in leaves(&tree) {
            let values = pool.entry(leaf.shape.clone()).or_default();
            if let Some(value) = leaf.get(&tree).filter(|value| values.len() < 64 && !values.contains(value)) {
                values.push(value.clone());
            }
        }
    }
    pool
}

/// How a field is changed without changing how many words there are.
#[derive(Clone, Copy)]
enum How {
    /// One bit of a number, each character of a text.
    Bend,
    /// Another value of the field, where not every value is one.
    Other,
}

impl How {
    fn other(self, value: &Tree, pool: &[Tree]) -> Option<Tree> {
        match (self, value) {
            (Self::Bend, Tree::Integer(number)) => Some(Tree::Integer((i128::from(*number) ^ 1).try_into().ok()?)),
            (Self::Bend, Tree::Float(number)) => {
                Some(Tree::Float(f32::from_bits((*number as f32).to_bits() ^ 1).into()))
            }
            (Self::Bend, Tree::Bool(value)) => Some(Tree::Bool(!value)),
            (Self::Bend, Tree::Bytes(bytes)) => Some(Tree::Bytes(bytes.iter().map(|byte| byte ^ 1).collect())),
            (Self::Bend, Tree::Text(text)) => Some(Tree::Text(text.chars().map(bent).collect())),
            (Self::Bend, _) => None,
            (Self::Other, value) => pool.iter().find(|other| *other != value).cloned(),
        }
    }
}

/// Another character that takes as many bytes.
fn bent(character: char) -> char {
    let other = char::from_u32(u32::from(character) ^ 1);
    other.filter(|other| other.len_utf8() == character.len_utf8()).unwrap_or(character)
}

/// The parts of a word that changed with a field.
fn parts(place: &Place, differs: u64, how: How, like: Option<&Tree>) -> Vec<Part> {
    let part = |what, shift, mask| Part { place: place.clone(), what, shift, mask };
    match (how, like) {
        _ if differs == 0 => Vec::new(),
        (How::Bend, Some(Tree::Text(_) | Tree::Bytes(_))) => vec![part(What::Content, 0, differs)],
        (How::Bend, _) if differs.count_ones() <= 8 => {
            let bits = (0..64).filter(|bit| differs >> bit & 1 == 1);
            bits.map(|bit| part(What::Number, bit, 1 << bit)).collect()
        }
        _ => {
            let bytes = (0..8).map(|byte| (8 * byte, differs & (0xFF << (8 * byte)))).filter(|(_, mask)| *mask != 0);
            bytes.map(|(shift, mask)| part(What::Number, shift, mask)).collect()
        }
    }
}

/// Whether a number differs so little that it is no accident.
fn is_little(expected: u64, found: u64) -> bool {
    (expected ^ found).count_ones() <= 3 || expected.wrapping_sub(found).min(found.wrapping_sub(expected)) < 1 << 20
}

/// How many bytes of a word are set.
fn bytes(word: u64) -> usize {
    word.to_le_bytes().iter().filter(|byte| **byte != 0).count()
}

/// Whether a word may be nearly the right one, without knowing what it is.
pub fn may_be_near(expected: u64, found: u64) -> bool {
    let differs = expected ^ found;
    let halves = differs as u32 == 0 || differs >> 32 == 0;
    differs != 0 && (halves || bytes(differs) <= 2 || is_little(expected, found))
}
