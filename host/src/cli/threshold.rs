//! The smallest change that matters, as it is typed.

/// Reads `5%` or `0.05`.
///
/// # Errors
/// Where it is neither, or not between 0 and 100 %.
pub fn threshold(text: &str) -> Result<f64, String> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let part = match text.trim().strip_suffix('%') {
        Some(percent) => number(percent).map(|percent| percent / 100.0),
        None => number(text),
    };
    part.filter(|part| *part > 0.0 && *part < 1.0)
        .ok_or_else(|| format!("`{text}` is no threshold; write 5% or 0.05, more than 0 and less than 100 %"))
}

#[cfg(test)]
mod tests {
    use super::threshold;

    #[test]
    fn thresholds_are_parts_or_percentages() {
        for (text, part) in [("5%", 0.05), ("0.05", 0.05), (" 2.5 % ", 0.025), ("99%", 0.99)] {
            assert!(threshold(text).is_ok_and(|found| (found - part).abs() < 1e-12), "{text}");
        }
        for text in ["5", "0", "-1%", "100%", "NaN", "inf%", "", "%", "five"] {
            assert!(threshold(text).is_err(), "{text}");
        }
    }
}
