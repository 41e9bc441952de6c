//! What stands at the ends of a tree, and the lists on the way.

use weft_schemas::tree::Tree;

/// A place in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which child to take on each level.
    steps: Vec<usize>,
    /// Its name: `records[3].http.status`.
    pub path: String,
    /// The name that it shares with the others of all elements: `records[].http.status`.
    pub shape: String,
    /// The numbers of the elements that it lies in, from the outermost list on.
    pub elements: Vec<usize>,
}

impl Place {
    /// What is there.
    pub fn get<'t>(&self, tree: &'t Tree) -> Option<&'t Tree> {
        self.steps.iter().try_fold(tree, |tree, step| match tree {
            Tree::Map(fields) => fields.get(*step).map(|(_, value)| value),
            Tree::Array(elements) => elements.get(*step),
            _ => None,
        })
    }

    /// The tree with something else there.
    pub fn replaced(&self, tree: &Tree, value: Tree) -> Tree {
        let mut tree = tree.clone();
        self.set(&mut tree, value);
        tree
    }

    /// Puts something else there.
    pub fn set(&self, tree: &mut Tree, value: Tree) {
        let found = self.steps.iter().try_fold(tree, |tree, step| match tree {
            Tree::Map(fields) => fields.get_mut(*step).map(|(_, value)| value),
            Tree::Array(elements) => elements.get_mut(*step),
            _ => None,
        });
        if let Some(found) = found {
            *found = value;
        }
    }

    /// The element of the outermost list that it lies in, and that list's name; both empty where there is none.
    pub fn element(&self) -> (&str, Option<usize>) {
        (self.path.split_once('[').map_or("", |(list, _)| list), self.elements.first().copied())
    }

    fn child(&self, step: usize, name: &str, element: bool) -> Self {
        let mut child = self.clone();
        child.steps.push(step);
        if element {
            child.elements.push(step);
            child.path.push_str(&format!("[{step}]"));
            child.shape.push_str("[]");
        } else {
            for text in [&mut child.path, &mut child.shape] {
                text.push_str(if text.is_empty() { "" } else { "." });
                text.push_str(name);
            }
        }
        child
    }
}

/// The ends of a tree, in the order of its fields.
pub fn leaves(tree: &Tree) -> Vec<Place> {
    let mut found = Vec::new();
    walk(tree, &root(), &mut |place, tree| {
        if !matches!(tree, Tree::Map(_) | Tree::Array(_)) {
            found.push(place.clone());
        }
    });
    found
}

/// The lists of a tree.
pub fn lists(tree: &Tree) -> Vec<Place> {
    let mut found = Vec::new();
    walk(tree, &root(), &mut |place, tree| {
        if matches!(tree, Tree::Array(_)) {
            found.push(place.clone());
        }
    });
    found
}

const fn root() -> Place {
    Place { steps: Vec::new(), path: String::new(), shape: String::new(), elements: Vec::new() }
}

fn walk(tree: &Tree, place: &Place, look: &mut impl FnMut(&Place, &Tree)) {
    look(place, tree);
    match tree {
        Tree::Map(fields) => {
            for (step, (key, value)) in fields.iter().enumerate() {
                let name = match key {
                    Tree::Text(name) => name.clone(),
                    other => format!("{other:?}"),
                };
                walk(value, &place.child(step, &name, false), look);
            }
        }
        Tree::Array(elements) => {
            for (step, value) in elements.iter().enumerate() {
                walk(value, &place.child(step, "", true), look);
            }
        }
        _ => {}
    }
}
