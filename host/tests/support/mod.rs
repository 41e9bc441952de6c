//! What the integration tests share: the engine, the compiled codecs, and what a producer sends.
#![allow(dead_code, reason = "each test file uses a part of this")]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use wasmtime::{Caller, Engine, Func, Store};
use weft::guest::{Codec, Compiled, Producer, catalog, memory};
use weft::run::MessageId;
use weft::transport::{PairSpec, TRANSPORTS, Transport};

/// The library's engine, one for each test file.
pub static ENGINE: LazyLock<Engine> = LazyLock::new(|| weft::engine::engine().expect("wasmtime supports this machine"));

/// Every codec that the build found, compiled once for each test file.
pub static COMPILED: LazyLock<Vec<(&'static Codec, Compiled)>> = LazyLock::new(|| {
    let compiled = |codec| (codec, Compiled::new(&ENGINE, codec).expect("the engine takes the guests"));
    codecs().iter().map(compiled).collect()
});

/// Every codec that the build found.
pub fn codecs() -> &'static [Codec] {
    catalog().expect("the codecs keep to the ABI")
}

/// The transports that work on this system.
pub fn transports() -> impl Iterator<Item = &'static dyn Transport> {
    TRANSPORTS.iter().copied().filter(|transport| transport.supported().is_ok())
}

/// The message with this name.
pub fn message(name: &str) -> MessageId {
    name.parse().expect("a message's name")
}

/// Hands each of `units` to `work`, on two threads; returns what it found, in no order.
pub fn in_parallel<U: Sync, F: Send>(units: &[U], work: impl Fn(&U) -> Vec<F> + Sync) -> Vec<F> {
    let next = AtomicUsize::new(0);
    let take = || std::iter::from_fn(|| units.get(next.fetch_add(1, Ordering::Relaxed)));
    let run = || take().flat_map(&work).collect::<Vec<F>>();
    thread::scope(|scope| {
        let threads = [scope.spawn(run), scope.spawn(run)];
        threads.into_iter().flat_map(|thread| thread.join().expect("a thread of the test")).collect()
    })
}

/// The bytes of every message of a rotation, as the producer sends them, and the outbox's capacity.
pub fn wire(spec: &PairSpec<'_>) -> (Vec<Vec<u8>>, u32) {
    let mut store = Store::new(spec.engine, Vec::new());
    // An error only says that this engine does not count fuel.
    let _ = store.set_fuel(u64::MAX);
    let guest = &spec.guests.producer.0;
    let memory = memory(&mut store, &guest.name, guest.memory_pages).expect("a memory");
    let send = Func::wrap(&mut store, move |mut caller: Caller<'_, Vec<Vec<u8>>>, ptr: u32, len: u32| -> i64 {
        let (bytes, sent) = memory.data_and_store_mut(&mut caller);
        sent.push(bytes[ptr as usize..][..len as usize].to_vec());
        0
    });
    let producer = Producer::new(&mut store, spec, memory, send).expect("the producer keeps to the ABI");
    let outbox = producer.prepare(&mut store, spec).expect("the producer prepares");
    producer.produce(&mut store, (0, spec.rotation), |_, status| producer.status(status)).expect("it sends");
    (store.into_data(), outbox.capacity)
}

/// The root of the workspace.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace")
}

/// The target directory's part that guests are built in.
pub fn guests_directory() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("guests")
}
