//! Drift: how much the machine moves while a run is made, seen by one cell that is measured again and again.

use weft_schemas::Task;

use super::sampling::calm_sample;
use super::{Builds, Exchange, Yardstick, median};
use crate::guest::Codec;
use crate::run::{Cell, Drift, MessageId, Verifier};
use crate::transport;

/// The cell that is measured: the floor at a size and over a transport that feel the processor, its caches and
/// the crossings alike.
const CELL: (&str, &str) = ("blob@4096", "direct");

/// The cell, its pairs, and what it took so far.
pub struct DriftWatch {
    cell: String,
    pairs: Exchange,
    medians: Vec<f64>,
}

impl DriftWatch {
    /// Joins the pairs, which last for the whole run. None without a codec that is the floor.
    ///
    /// # Errors
    /// Where a guest fails.
    pub fn new(codecs: &'static [Codec], builds: &Builds<'_>, verifier: &Verifier<'_>) -> anyhow::Result<Option<Self>> {
        let (message, transport) = CELL;
        let message: MessageId = message.parse().map_err(anyhow::Error::msg)?;
        let floor = Codec::floor(codecs);
        let (Some(codec), Some(transport)) = (floor, transport::by_name(transport)) else { return Ok(None) };
        let cell = Cell { message, task: Task::Peek, codec, transport };
        let expected = verifier.expected(message, Task::Peek, true)?;
        Ok(Some(Self { cell: cell.to_string(), pairs: Exchange::new(&cell, builds, expected)?, medians: Vec::new() }))
    }

    /// Measures the cell once more, if the machine is calm; returns the drift so far. None where it never was.
    ///
    /// # Errors
    /// Where a guest fails.
    pub fn look(&mut self, yardstick: &mut Yardstick) -> anyhow::Result<Option<Drift>> {
        let estimate = calm_sample(&mut self.pairs, yardstick)?;
        self.medians.extend(estimate.map(|estimate| estimate.median));
        Ok((!self.medians.is_empty()).then(|| drift(self.cell.clone(), self.medians.clone())))
    }
}

/// The drift of these medians, of which there is one at least.
fn drift(cell: String, medians_ns: Vec<f64>) -> Drift {
    let smallest = medians_ns.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = medians_ns.iter().copied().fold(0.0, f64::max);
    let spread = median(&medians_ns).map_or(0.0, |middle| (largest - smallest) / 2.0 / middle);
    Drift { cell, medians_ns, spread }
}

#[cfg(test)]
mod tests {
    use super::drift;

    #[test]
    fn the_spread_is_half_the_range_over_the_median() {
        assert_eq!(drift(String::new(), vec![100.0, 110.0, 90.0]).spread, 0.1);
        assert_eq!(drift(String::new(), vec![7.0]).spread, 0.0);
    }
}
