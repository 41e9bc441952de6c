//! Pieces of native work that no guest and no transport has a part in: when they move, the machine has moved.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use weft_schemas::{Log, Message};

use super::Memcpy;
use crate::cell::{MessageId, SEED};
use crate::measure::{Subject, Work, native_work};

/// The calibration of this name (`cell::CALIBRATIONS`). None where there is no such.
///
/// # Errors
/// Where it cannot be prepared.
pub fn calibration(name: &str) -> anyhow::Result<Option<Box<dyn Subject>>> {
    Ok(match name {
        "arithmetic" => Some(Box::new(Arithmetic(native_work()))),
        "json_log" => Some(Box::new(Json::new()?)),
        _ => match name.strip_prefix("copy_") {
            Some(size) => Some(Box::new(Memcpy::new(size)?)),
            None => None,
        },
    })
}

/// The native yardstick's work.
struct Arithmetic(Work);

impl Subject for Arithmetic {
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
        let start = Instant::now();
        (0..iterations).for_each(|_| (self.0)());
        Ok(start.elapsed())
    }
}

/// `log@1` to JSON and back, as serde_json does it.
struct Json {
    logs: Vec<Log>,
    text: Vec<u8>,
    next: usize,
}

impl Json {
    fn new() -> anyhow::Result<Self> {
        let message: MessageId = "log@1".parse().map_err(anyhow::Error::msg)?;
        let logs = (0..message.rotation()).map(|index| Log::generate(SEED, index, message.size)).collect();
        Ok(Self { logs, text: Vec::new(), next: 0 })
    }
}

impl Subject for Json {
    fn time(&mut self, iterations: u64) -> anyhow::Result<Duration> {
        let Self { logs, text, next } = self;
        let mut right = true;
        let start = Instant::now();
        for _ in 0..iterations {
            let log = logs.get(*next).context("there are no logs")?;
            text.clear();
            serde_json::to_writer(&mut *text, log)?;
            let back: Log = serde_json::from_slice(text)?;
            right &= back.records.len() == log.records.len();
            *next = (*next + 1) % logs.len();
        }
        let elapsed = start.elapsed();
        ensure!(right, "a log came back as another one");
        Ok(elapsed)
    }

    fn rotation(&self) -> u32 {
        self.logs.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::calibration;
    use crate::cell::CALIBRATIONS;

    #[test]
    fn every_calibration_runs() -> anyhow::Result<()> {
        for name in CALIBRATIONS {
            let mut subject = calibration(name)?.ok_or_else(|| anyhow::anyhow!("no {name}"))?;
            subject.time(u64::from(2 * subject.rotation()))?;
        }
        anyhow::ensure!(calibration("other")?.is_none());
        Ok(())
    }
}
