//! What was likely meant by a name that there is not.

/// In how many letters a name may differ from the one that was meant.
const MOST: usize = 3;

/// The name among `known` that differs from `name` in the fewest letters. None where all differ in many.
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let of = |known: &'n str| (strsim::levenshtein(name, known), known);
    known.map(of).min().filter(|(distance, _)| *distance <= MOST).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn what_is_nearest_was_meant_if_it_is_near() {
        let known = ["receive_log_scan", "receive_log_own", "prepare_log"];
        assert_eq!(nearest("receive_log_sacn", known.into_iter()), Some("receive_log_scan"));
        assert_eq!(nearest("receive_log_onw", known.into_iter()), Some("receive_log_own"));
        assert_eq!(nearest("start", known.into_iter()), None);
        assert_eq!(nearest("start", [].into_iter()), None);
    }
}
