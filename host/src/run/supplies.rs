//! What rounds are made of: guests, digests, limits, the yardstick.

use std::collections::HashMap;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::OnceLock;

use anyhow::{Context, bail};
use tempfile::TempDir;
use weft_link::Limits;

use crate::build::held;
use crate::cell::{Cell, CodecId, Figure, Loop, MessageId, SEED};
use crate::guests::{
    Baseline, Codec, File, GuestFormat, baselines, catalog_replying, libraries, setup_codec, target_directory,
};
use crate::hosts::{KnownHost, Launch};
use crate::measure::yardstick_module;
use crate::protocol::{Asked, Guest, Item, Purpose, Request, Round, Yardstick};
use crate::variables::{self, Misset};
use crate::verify::Expectations;
use weft_schemas::Task;

/// What guests of a command's cells are made of.
pub struct Supplies {
    /// The codecs, sorted by name.
    pub codecs: Vec<Codec>,
    /// Further guests of codecs, under other names.
    rivals: Vec<Codec>,
    baselines: Vec<Baseline>,
    /// The codecs' guests as dynamic libraries, by the features that they were built with.
    libraries: HashMap<Vec<String>, HashMap<String, [File; 2]>>,
    expectations: Expectations,
    /// What guests may take.
    pub limits: Limits,
    yardstick: File,
    /// Where hosts leave for one another what they have compiled, once one is asked; gone with this. None where there is no room for it.
    artifacts: OnceLock<Option<TempDir>>,
}

/// A figure, and how it is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The figure.
    pub figure: Figure,
    /// How many single messages to time beside.
    pub singles: u32,
    /// The name of the round's guests, where they are not those that its codec names.
    pub guests: Option<String>,
    /// The first placement to take.
    pub placement: u32,
    /// How many placements a reading is the mean of.
    pub placements: u32,
    /// How many messages to rotate through at most, from the first on. None for the whole rotation.
    pub messages: Option<usize>,
}

impl Wanted {
    /// A figure, with one placement of the guests that it names.
    pub const fn once(figure: Figure) -> Self {
        Self { figure, singles: 0, guests: None, placement: 0, placements: 1, messages: None }
    }

    /// Whether it is of the task `reply`.
    fn replies(&self) -> bool {
        matches!(&self.figure, Figure::Cell(Cell { task: Task::Reply, .. }))
    }

    /// The same with other guests of the round.
    #[must_use]
    pub fn with(self, guests: Option<&str>) -> Self {
        Self { guests: guests.map(str::to_owned), ..self }
    }
}

impl Supplies {
    /// Builds the codecs whose names are wanted, and reads the user's own.
    ///
    /// # Errors
    /// Where a guest cannot be built or used, or `WEFT_LIMITS` is none.
    pub fn of(wanted: impl Fn(&str) -> bool) -> anyhow::Result<Self> {
        Self::replying(wanted, |_| false)
    }

    /// The same with the guests of the task `reply` of those codecs whose names are `replying`.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn replying(wanted: impl Fn(&str) -> bool, replying: impl Fn(&str) -> bool) -> anyhow::Result<Self> {
        let limits = limits_from_environment()?;
        let codecs = catalog_replying(wanted, replying).context("a guest cannot be used")?;
        let yardstick = File::holding(&yardstick_module()?)?;
        let (rivals, baselines, libraries, expectations, artifacts) = Default::default();
        Ok(Self { codecs, rivals, baselines, libraries, expectations, limits, yardstick, artifacts })
    }

    /// Builds the guests of boundary figures and task floors as well.
    ///
    /// # Errors
    /// Where one cannot be built.
    pub fn with_baselines(mut self) -> anyhow::Result<Self> {
        self.baselines = baselines()?;
        Ok(self)
    }

    /// Builds native guests as well, for those of these hosts that run native code.
    ///
    /// # Errors
    /// Where one cannot be built.
    pub fn for_hosts<'a>(mut self, hosts: impl IntoIterator<Item = &'a KnownHost>) -> anyhow::Result<Self> {
        for Launch { guests, features, .. } in hosts.into_iter().map(|host| &host.launch) {
            if *guests == GuestFormat::Cdylib && !self.libraries.contains_key(features) {
                let built =
                    libraries(features, |name| self.codec(name).is_some_and(|codec| codec.directory.is_none()))?;
                self.libraries.insert(features.clone(), built);
            }
        }
        Ok(self)
    }

    /// A codec's guests for a host; none where it takes what the codec is not built as.
    fn files(&self, codec: &Codec, host: &KnownHost) -> Option<[File; 2]> {
        match host.launch.guests {
            GuestFormat::Wasm => Some(codec.files.clone()),
            GuestFormat::Cdylib => self.libraries.get(&host.launch.features)?.get(&codec.name).cloned(),
        }
    }

    /// Adds guests that no cell names: a figure takes them where it is asked for with the codec's name here.
    #[must_use]
    pub fn with_rivals(mut self, rivals: impl IntoIterator<Item = Codec>) -> Self {
        self.rivals.extend(rivals);
        self
    }

    /// The codec of this name.
    pub fn codec(&self, name: &str) -> Option<&Codec> {
        self.codecs.iter().find(|codec| codec.name == name)
    }

    /// What it has beside the ordinary guests of its codecs: what each file is called, and its SHA-256.
    pub fn parts(&self) -> impl Iterator<Item = (String, String)> {
        let named = |what: &str, codec: &str, file: &File| (format!("the {what} of {codec}"), file.sha256.clone());
        let replying = self.codecs.iter().filter_map(|codec| Some((codec, codec.replying.as_ref()?))).flat_map(
            move |(codec, replying)| {
                let [requester, replier] = &replying.files;
                [named("requester", &codec.name, requester), named("replier", &codec.name, replier)]
            },
        );
        let baselines = self.baselines.iter().flat_map(move |baseline| {
            let files = [Some(("producer", &baseline.producer)), baseline.consumer.as_ref().map(|it| ("consumer", it))];
            files.into_iter().flatten().map(move |(what, file)| named(what, baseline.name, file))
        });
        let libraries = self.libraries.iter().flat_map(move |(features, codecs)| {
            let of = |side: &str| format!("{side} with {}", features.join(","));
            let [producer, consumer] = ["producer", "consumer"].map(of);
            codecs
                .iter()
                .flat_map(move |(codec, [near, far])| [named(&producer, codec, near), named(&consumer, codec, far)])
        });
        replying.chain(baselines).chain(libraries)
    }

    /// What of the codecs is a part of cells.
    pub fn ids(&self) -> Vec<CodecId> {
        self.codecs.iter().map(Codec::id).collect()
    }

    /// The codec that is the floor, where one carries blobs.
    pub fn floor(&self) -> Option<&Codec> {
        self.codecs.iter().find(|codec| codec.is_floor() && codec.supports("blob", Task::Peek).is_ok())
    }

    /// The request for a round of a host.
    ///
    /// # Errors
    /// Where there are no digests for a cell.
    pub fn round(
        &self,
        host: &KnownHost,
        purpose: Purpose,
        wanted: &[Wanted],
        best_ns: Option<f64>,
    ) -> anyhow::Result<Request> {
        let mut digests = Digests::default();
        let item = |wanted: &Wanted| {
            let Wanted { figure, singles, guests, placement, placements, messages } = wanted.clone();
            let place = match self.message_of(&figure)? {
                Some(message) => Some(digests.place(self, message, messages)?),
                None => None,
            };
            Ok(Item { figure: Asked::Known(figure), digests: place, singles, guests, placement, placements })
        };
        let items = wanted.iter().map(item).collect::<anyhow::Result<_>>()?;
        let yardstick = Yardstick { wasm: self.yardstick.clone(), best_ns };
        let (limits, artifacts, guests) = (self.limits, self.artifacts_of(host), self.guests(host, wanted));
        let digests = digests.lists;
        Ok(Request::Round(Round { purpose, seed: SEED, yardstick, limits, artifacts, guests, digests, items }))
    }

    /// The directory for what a host has compiled.
    fn artifacts_of(&self, host: &KnownHost) -> Option<PathBuf> {
        let directory = self.artifacts.get_or_init(|| artifacts().ok()).as_ref()?;
        // Whatever a host is called, no other has its directory.
        let name: String = host.name.bytes().map(|byte| format!("{byte:02x}")).collect();
        Some(directory.path().join(name))
    }

    /// The messages whose digests an item must return, and whether they are the floor's. None where it has none.
    fn message_of(&self, figure: &Figure) -> anyhow::Result<Option<Sent>> {
        let floor = |codec: &str| self.codec(codec).is_some_and(Codec::is_floor);
        Ok(match figure {
            Figure::Cell(Cell { message, task, codec, .. }) | Figure::Read { codec, message, task } => {
                Some((*message, *task, floor(codec)))
            }
            Figure::TaskFloor { message, task } => Some((*message, *task, false)),
            Figure::Way { bytes, .. } => Some((MessageId::blob(*bytes).map_err(anyhow::Error::msg)?, Task::Peek, true)),
            Figure::Boundary(_) | Figure::Calibration(_) | Figure::Encode { .. } | Figure::Empty(_) => None,
        })
    }

    /// The guests that these figures need.
    fn guests(&self, host: &KnownHost, wanted: &[Wanted]) -> Vec<Guest> {
        let needs = |name: &str| wanted.iter().any(|wanted| self.needs(wanted, name));
        let replies = |name: &str| wanted.iter().any(|wanted| wanted.replies() && self.needs(wanted, name));
        let codec = |codec: &Codec| {
            let [producer, consumer] = self.files(codec, host)?;
            let replying = codec.replying.as_ref().filter(|_| replies(&codec.name)).map(|guests| guests.files.clone());
            let (requester, replier) = replying.map(|[requester, replier]| (requester, replier)).unzip();
            let (name, floor, consumer) = (codec.name.clone(), codec.is_floor(), Some(consumer));
            Some(Guest { name, floor, producer, consumer, requester, replier })
        };
        let baseline = |baseline: &Baseline| {
            let (producer, consumer) = (baseline.producer.clone(), baseline.consumer.clone());
            let name = baseline.name.to_owned();
            Guest { name, floor: false, producer, consumer, requester: None, replier: None }
        };
        let all = self.codecs.iter().chain(&self.rivals);
        let codecs = all.filter(|codec| needs(&codec.name)).filter_map(codec);
        codecs.chain(self.baselines.iter().filter(|baseline| needs(baseline.name)).map(baseline)).collect()
    }

    /// The codec whose guests a figure runs. None where it runs none, or a baseline's.
    fn codec_of(&self, wanted: &Wanted) -> Option<&Codec> {
        self.codecs.iter().chain(&self.rivals).find(|codec| self.needs(wanted, &codec.name))
    }

    /// The name of the codec or baseline whose guests a figure runs. None where it runs none.
    pub fn guest_of(&self, wanted: &Wanted) -> Option<&str> {
        let baseline = || self.baselines.iter().map(|baseline| baseline.name).find(|name| self.needs(wanted, name));
        self.codec_of(wanted).map(|codec| codec.name.as_str()).or_else(baseline)
    }

    /// How many bytes the guests of a codec have that a figure runs: 0 where it runs none, or a baseline's.
    pub fn guest_bytes(&self, wanted: &Wanted) -> usize {
        let Some(codec) = self.codec_of(wanted) else { return 0 };
        let answering = codec.replying.as_ref().filter(|_| wanted.replies());
        let [near, far] = match answering {
            Some(guests) => [&guests.requester, &guests.replier],
            None => [&codec.producer, &codec.consumer],
        };
        near.wasm.len() + far.wasm.len()
    }

    fn needs(&self, wanted: &Wanted, guest: &str) -> bool {
        let floor = || self.floor().is_some_and(|codec| codec.name == guest);
        match &wanted.figure {
            _ if wanted.guests.is_some() => wanted.guests.as_deref() == Some(guest),
            Figure::Cell(Cell { codec, .. }) | Figure::Encode { codec, .. } | Figure::Read { codec, .. } => {
                codec == guest
            }
            Figure::TaskFloor { .. } => guest == "task_floor",
            Figure::Way { .. } | Figure::Empty(Loop::Encode) => floor(),
            Figure::Empty(Loop::Way | Loop::Read) => false,
            Figure::Boundary(name) if name.starts_with("seed_") => guest == "seed",
            Figure::Boundary(name)
                if name.starts_with("setup_") || ["compile", "fresh_instance"].contains(&name.as_str()) =>
            {
                self.setup_codec() == Some(guest)
            }
            Figure::Boundary(_) | Figure::Calibration(_) => false,
        }
    }

    /// The name of the codec whose pair is set up.
    pub fn setup_codec(&self) -> Option<&str> {
        setup_codec(self.codecs.iter().map(|codec| (codec.name.as_str(), [&codec.producer, &codec.consumer])))
    }
}

/// A new directory for artifacts. A command that was killed leaves its own behind: all but the latest of these go.
fn artifacts() -> io::Result<TempDir> {
    let parent = target_directory().join("guests/artifacts");
    fs::create_dir_all(&parent)?;
    let used = |directory: PathBuf| directory.join("used");
    held::prune(held::directories(&parent).map(used).collect());
    let ours = Permissions::from_mode(0o700);
    let directory = tempfile::Builder::new().prefix("command-").permissions(ours).tempdir_in(parent)?;
    held::hold_new(&used(directory.path().to_owned()))?;
    Ok(directory)
}

/// The lists of digests of a round, each once.
#[derive(Default)]
struct Digests {
    lists: Vec<Vec<String>>,
    places: HashMap<(Sent, Option<usize>), usize>,
}

/// Messages, and whether they are the floor's.
type Sent = (MessageId, Task, bool);

impl Digests {
    /// The place of a list of so many at most.
    fn place(&mut self, supplies: &Supplies, sent: Sent, most: Option<usize>) -> anyhow::Result<usize> {
        if let Some(place) = self.places.get(&(sent, most)) {
            return Ok(*place);
        }
        let (message, task, floor) = sent;
        let expected = supplies.expectations.of(message, task, floor)?;
        let counted = expected.digests().iter().take(most.unwrap_or(usize::MAX));
        self.lists.push(counted.map(|digest| format!("{digest:016x}")).collect());
        self.places.insert((sent, most), self.lists.len() - 1);
        Ok(self.lists.len() - 1)
    }
}

/// The limits that `WEFT_LIMITS` asks for: `memory=256MiB,table=1000,instances=16,stack=256KiB`, each where it is given.
///
/// # Errors
/// Where it asks for something else.
pub fn limits_from_environment() -> Result<Limits, Misset> {
    let Some(text) = variables::LIMITS.text()? else { return Ok(Limits::default()) };
    limits(&text).map_err(|error| Misset(format!("{}={text}: {error:#}", variables::LIMITS.name)))
}

/// A producer's stack and a consumer's lie one behind the other on that of the host's process, which is of 8 MiB as systems are set up.
const MOST_STACK: usize = 2 << 20;

fn limits(text: &str) -> anyhow::Result<Limits> {
    let mut limits = Limits::default();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let value = size(value).with_context(|| {
            format!("`{part}` sets no limit; write for example memory=256MiB,table=100000,instances=16,stack=256KiB")
        })?;
        match name {
            "memory" => limits.memory_bytes = value,
            "table" => limits.table_elements = value,
            "instances" => limits.instances = value,
            "stack" if value > MOST_STACK => {
                bail!(
                    "`{part}` is more than {} MiB: a host's own stack has room for two of that size",
                    MOST_STACK >> 20
                )
            }
            "stack" => limits.stack_bytes = value,
            _ => bail!("there is no limit `{name}`; there are memory, table, instances and stack"),
        }
    }
    Ok(limits)
}

/// A number, with a unit of bytes behind it or none.
fn size(text: &str) -> Option<usize> {
    let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("", 1)];
    let (number, unit) = units.iter().find_map(|(name, unit)| Some((text.strip_suffix(name)?, *unit)))?;
    number.trim().parse::<usize>().ok().filter(|number| *number > 0)?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use weft_link::Limits;

    use super::limits;

    #[test]
    fn limits_are_read_one_by_one() {
        let default = Limits::default();
        let limits = |text: &str| limits(text).expect(text);
        assert_eq!(limits(""), default);
        assert_eq!(limits("memory=2MiB"), Limits { memory_bytes: 2 << 20, ..default });
        let (table_elements, instances, stack_bytes) = (7, 3, 1024);
        assert_eq!(
            limits("table=7, instances=3,stack=1KiB"),
            Limits { table_elements, instances, stack_bytes, ..default }
        );
    }

    #[test]
    fn what_is_no_limit_is_an_error_that_names_it() {
        for (text, part) in [
            ("memory", "`memory`"),
            ("memory=0", "memory=0"),
            ("heap=1", "`heap`"),
            ("stack=1TB", "stack=1TB"),
            ("stack=3MiB", "2 MiB"),
        ] {
            let error = limits(text).map_err(|error| format!("{error:#}")).expect_err(text);
            assert!(error.contains(part), "{error}");
        }
    }
}
