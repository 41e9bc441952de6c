//! Quantities as people read them.

/// A time: three significant digits with the unit that fits.
pub fn time(nanoseconds: f64) -> String {
    const UNITS: [(f64, &str); 4] = [(1.0, "ns"), (1e3, "µs"), (1e6, "ms"), (1e9, "s")];
    let (unit, name) = UNITS.into_iter().rev().find(|(unit, _)| nanoseconds.abs() >= *unit).unwrap_or(UNITS[0]);
    format!("{} {name}", three_digits(nanoseconds / unit))
}

/// A number of bytes, in powers of 1024 where it is one.
pub fn bytes(bytes: f64) -> String {
    const UNITS: [(f64, &str); 3] = [(1_048_576.0, "MiB"), (1024.0, "KiB"), (1.0, "B")];
    let exact = UNITS.into_iter().find(|(unit, _)| bytes >= *unit && bytes % unit == 0.0);
    match exact {
        Some((unit, name)) => format!("{} {name}", bytes / unit),
        None => format!("{bytes:.0} B"),
    }
}

/// A ratio, as a factor.
pub fn factor(ratio: f64) -> String {
    format!("{} ×", three_digits(ratio))
}

/// A part of 1 in percent, whose digits are those that somebody would type: not those that binary fractions add.
pub fn in_percent(part: f64) -> f64 {
    (part * 1e12).round() / 1e10
}

/// A signed part of 1, in percent.
pub fn percent(part: f64) -> String {
    let sign = if part < 0.0 { '−' } else { '+' };
    format!("{sign}{:.1} %", (100.0 * part).abs())
}

fn three_digits(value: f64) -> String {
    match value.abs() {
        magnitude if magnitude < 9.995 => format!("{value:.2}"),
        magnitude if magnitude < 99.95 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, factor, in_percent, percent, time};

    #[test]
    fn times() {
        assert_eq!(
            [0.5, 1.234, 12.34, 123.4, 1234.0, 65_432_100.0].map(time),
            ["0.50 ns", "1.23 ns", "12.3 ns", "123 ns", "1.23 µs", "65.4 ms"]
        );
    }

    #[test]
    fn sizes() {
        assert_eq!([16.0, 65_536.0, 1_048_576.0, 519.4].map(bytes), ["16 B", "64 KiB", "1 MiB", "519 B"]);
        assert_eq!(factor(1.304), "1.30 ×");
        assert_eq!([-0.0123, 0.02].map(percent), ["−1.2 %", "+2.0 %"]);
        let typed = |percent: &str| in_percent(percent.parse::<f64>().expect("a number") / 100.0).to_string();
        for percent in ["7", "0.125", "0.004", "2.5", "99.9", "100"] {
            assert_eq!(typed(percent), percent);
        }
    }
}
