//! The floor by transport and size: what a cell costs without its codec.

use crate::record::{Latency, Record};

/// The floor of one transport: its `peek` by wire size.
#[derive(Clone, Debug, Default)]
pub struct Floor {
    /// Wire sizes in bytes, ascending, with their latencies.
    points: Vec<(f64, Latency)>,
}

impl Floor {
    /// The floor of a transport in a run.
    pub fn of(record: &Record, transport: &str) -> Self {
        let cells =
            record.measured().filter(|cell| cell.cell.transport == transport && record.is_floor(&cell.cell.codec));
        let mut points: Vec<_> = cells
            .filter(|cell| cell.task() == "peek")
            .filter_map(|cell| Some((cell.wire_bytes?, cell.latency_ns?)))
            .collect();
        points.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        Self { points }
    }

    /// The floor at a wire size in bytes: linear between the two sizes around it and beyond the
    /// largest two; that of the smallest below it. None without a measured size.
    pub fn at(&self, bytes: f64) -> Option<Latency> {
        let (smallest, floor) = self.points.first()?;
        if bytes <= *smallest || self.points.len() == 1 {
            return Some(*floor);
        }
        let after = self.points.iter().position(|(size, _)| *size >= bytes).unwrap_or(self.points.len() - 1);
        let ((x0, a), (x1, b)) = (self.points.get(after.checked_sub(1)?)?, self.points.get(after)?);
        let between = |from: f64, to: f64| from + (to - from) * (bytes - x0) / (x1 - x0);
        Some(Latency { value: between(a.value, b.value), low: between(a.low, b.low), high: between(a.high, b.high) })
    }
}

#[cfg(test)]
mod tests {
    use super::Floor;
    use crate::record::Latency;

    #[test]
    fn interpolates_by_size() {
        let latency = |value: f64| Latency { value, low: value - 1.0, high: value + 1.0 };
        let floor = Floor { points: vec![(16.0, latency(10.0)), (116.0, latency(20.0)), (1116.0, latency(220.0))] };
        let at = |bytes| floor.at(bytes).map(|floor| (floor.value, floor.low));
        assert_eq!(at(1.0), Some((10.0, 9.0)));
        assert_eq!(at(66.0), Some((15.0, 14.0)));
        assert_eq!(at(616.0), Some((120.0, 119.0)));
        assert_eq!(at(2116.0), Some((420.0, 419.0)));
        assert_eq!(Floor::default().at(5.0), None);
    }
}
