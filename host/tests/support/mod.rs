//! What the integration tests share: the engine, the compiled codecs, and what a producer sends.

pub mod browser;
pub mod clone;
pub mod command;
pub mod documented;
pub mod every_section;
pub mod fixture;
pub mod fuel;
pub mod opened;
pub mod other_hosts;
pub mod probe;
pub mod report_page;
pub mod repository;
pub mod runs;
pub mod stand_in;
pub mod talk;
pub mod transcript;
pub mod wat;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use wasmtime::{Caller, Func};
use weft::cell::{Cell, CodecId, MessageId};
use weft::guests::{Codec, catalog};
pub use weft::trials::in_parallel;
use weft_link::guest::{Compiled, Producer, memory};
use weft_link::transport::{TRANSPORTS, Transport, by_name};
use weft_link::{Engine, Held, PairSpec};
use weft_schemas::{KINDS, Kind, Task};

/// The engine of weft's own host.
pub static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::default);

/// Every codec of the workspace, built when the first test asks.
static CODECS: LazyLock<Vec<Codec>> =
    LazyLock::new(|| catalog(|_| true).unwrap_or_else(|error| panic!("the codecs keep to the ABI: {error}")));

/// Every codec of the workspace, compiled once.
pub static COMPILED: LazyLock<Vec<(&'static Codec, Compiled)>> =
    LazyLock::new(|| codecs().iter().map(|codec| (codec, compiled_for(&ENGINE, codec))).collect());

/// Every codec of the workspace.
pub fn codecs() -> &'static [Codec] {
    &CODECS
}

/// The smallest message of each kind that tests try, and the largest that does not take long without optimisation.
pub fn small_messages() -> Vec<MessageId> {
    let ends = |kind: &'static Kind| {
        let tried = kind.tried.whole.iter().map(|&size| MessageId { kind, size });
        let mut small: Vec<_> = tried.filter(|message| message.payload_bytes() <= 4096).collect();
        small.drain(1..small.len().max(2) - 1);
        small
    };
    KINDS.iter().flat_map(ends).collect()
}

/// What of the codecs is a part of cells.
pub fn codec_ids() -> Vec<CodecId> {
    codecs().iter().map(Codec::id).collect()
}

/// A codec's guests, compiled anew.
pub fn compiled_for(engine: &Engine, codec: &Codec) -> Compiled {
    Compiled::new(engine, &codec.producer, &codec.consumer).expect("the engine takes the guests")
}

/// The codec of a cell, and its guests.
pub fn of_cell(cell: &Cell) -> &'static (&'static Codec, Compiled) {
    COMPILED.iter().find(|(codec, _)| codec.name == cell.codec).expect("a codec of the workspace")
}

/// The transport of a cell.
pub fn transport_of(cell: &Cell) -> &'static dyn Transport {
    by_name(&cell.transport).expect("a transport")
}

/// Whether a cell can be measured here; otherwise why not.
pub fn supported(cell: &Cell) -> Result<(), String> {
    of_cell(cell).0.supports_cell(cell)?;
    transport_of(cell).supported()
}

/// What is joined to send this message, of 0 and up in a rotation.
pub fn spec<'a>(
    (engine, guests): (&'a Engine, &'a Compiled),
    message: MessageId,
    task: Task,
    rotation: u32,
    seed: u64,
) -> PairSpec<'a> {
    let MessageId { kind, size } = message;
    PairSpec { engine, guests, message: kind.name, size, task: task.name(), rotation, seed, values: Some(kind.lay_out) }
}

/// The transports that work on this system.
pub fn transports() -> impl Iterator<Item = &'static dyn Transport> {
    TRANSPORTS.iter().copied().filter(|transport| transport.supported().is_ok())
}

/// Those of which a pair can be used again after an error: a component that has trapped cannot be entered again.
pub fn reusable() -> impl Iterator<Item = &'static dyn Transport> {
    transports().filter(|transport| transport.name() != "component")
}

/// The message with this name.
pub fn message(name: &str) -> MessageId {
    name.parse().expect("a message's name")
}

/// The bytes of every message of a rotation, as the producer sends them, and the outbox's capacity.
pub fn wire(spec: &PairSpec<'_>) -> (Vec<Vec<u8>>, u32) {
    let mut store = spec.engine.store(Vec::new());
    let guest = &spec.guests.producer.0;
    let memory = memory(&mut store, &guest.name, guest.memory_pages).expect("a memory");
    let send = Func::wrap(&mut store, move |mut caller: Caller<'_, Held<Vec<Vec<u8>>>>, ptr: u32, len: u32| -> i64 {
        let (bytes, sent) = memory.data_and_store_mut(&mut caller);
        sent.data.push(bytes[ptr as usize..][..len as usize].to_vec());
        0
    });
    let producer = Producer::new(&mut store, spec, memory, send).expect("the producer keeps to the ABI");
    let outbox = producer.prepare(&mut store, spec).expect("the producer prepares");
    producer.produce(&mut store, (0, spec.rotation), |_, status| producer.status(status)).expect("it sends");
    (store.into_data().data, outbox.capacity)
}

/// The root of the workspace.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace")
}

/// The target directory's part that guests are built in.
pub fn guests_directory() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("guests")
}
