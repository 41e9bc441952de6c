//! Every guest's instructions against wasmtime's fuel: what the meter puts into a module counts what the module without
//! it executes, to the operator.

use wasmtime::Func;
use weft::cell::{MessageId, SEED};
use weft::exact::{Metering, metered};
use weft::guests::Codec;
use weft_link::guest::{Compiled, Consumer, Producer, memory};
use weft_link::meter::{Counter, Counts};
use weft_link::{PairSpec, Store};
use weft_schemas::{KINDS, Kind, Task};

use crate::support::fuel::FUELLED;
use crate::support::{ENGINE, codecs, compiled_for, in_parallel, spec};

/// The smallest and the largest message of each kind that tests try, in this order.
fn messages() -> impl Iterator<Item = MessageId> {
    let ends = |kind: &'static Kind| {
        let mut sizes: Vec<u32> =
            [kind.tried.whole.first(), kind.tried.whole.last()].into_iter().flatten().copied().collect();
        sizes.dedup();
        sizes.into_iter().map(move |size| MessageId { kind, size })
    };
    KINDS.iter().flat_map(ends)
}

/// How many messages each producer rotates through.
const ROTATION: u32 = 8;

/// More than any of it needs.
const FUEL: u64 = 1 << 50;

/// What one rotation takes, after one that settles the allocators.
struct Took<C> {
    producer: C,
    both: C,
    digests: u64,
}

/// Both guests in one store and one memory, or the producer alone with a `send` of the host's that returns 0.
struct Linked {
    store: Store<()>,
    producer: Producer,
    consumer: Option<Consumer>,
}

impl Linked {
    fn new(spec: &PairSpec<'_>, alone: bool) -> Self {
        let mut store = spec.engine.store(());
        // An error only says that this engine does not count fuel.
        let _ = store.set_fuel(FUEL);
        let (near, far) = (&spec.guests.producer.0, &spec.guests.consumer.0);
        let memory = memory(&mut store, &near.name, near.memory_pages.max(far.memory_pages)).expect("a memory");
        let consumer =
            (!alone).then(|| Consumer::new(&mut store, spec, memory).expect("the consumer keeps to the ABI"));
        let send = match &consumer {
            Some(consumer) => consumer.function(),
            None => Func::wrap(&mut store, |_: u32, _: u32| -> i64 { 0 }),
        };
        let producer = Producer::new(&mut store, spec, memory, send).expect("the producer keeps to the ABI");
        let outbox = producer.prepare(&mut store, spec).expect("it prepares");
        if let Some(consumer) = &consumer {
            consumer.inbox(&mut store, outbox.capacity).expect("an inbox");
        }
        Self { store, producer, consumer }
    }

    fn rotate(&mut self, rotation: u32) -> u64 {
        let Self { store, producer, .. } = self;
        producer.produce(store, (0, rotation), |_, status| panic!("status {status}")).expect("it sends")
    }

    fn fuel(&self) -> u64 {
        self.store.get_fuel().expect("an engine that counts fuel")
    }

    /// Operators and calls that the meters of both guests show.
    fn metered(&mut self) -> u64 {
        let Self { store, producer, consumer } = self;
        let sum = |reading: Counts| reading.of(Counter::Instructions) + reading.of(Counter::Calls);
        let mut total = sum(producer.meter.as_ref().expect("a metered guest").read(&mut *store));
        if let Some(consumer) = consumer {
            total += sum(consumer.meter.as_ref().expect("a metered guest").read(store));
        }
        total
    }
}

/// What a rotation takes by `read`, which shows a total that may go up or down.
fn took(spec: &PairSpec<'_>, read: impl Fn(&mut Linked) -> u64) -> Took<u64> {
    let mut digests = 0;
    let [producer, both] = [true, false].map(|alone| {
        let mut linked = Linked::new(spec, alone);
        linked.rotate(spec.rotation);
        let before = read(&mut linked);
        digests = linked.rotate(spec.rotation);
        read(&mut linked).abs_diff(before)
    });
    Took { producer, both, digests }
}

/// A codec's guests as they are, for an engine that counts fuel, and metered.
struct Guests {
    codec: &'static Codec,
    fuelled: Compiled,
    metered: Compiled,
}

impl Guests {
    fn of(codec: &'static Codec) -> Self {
        let metered = metered(&ENGINE, [&codec.producer, &codec.consumer], Metering::Counting);
        Self { codec, fuelled: compiled_for(&FUELLED, codec), metered: metered.expect("every guest can be metered") }
    }
}

fn differs(guests: &Guests, message: MessageId, task: Task) -> Option<String> {
    let spec = |engine, guests| spec((engine, guests), message, task, ROTATION, SEED);
    let fuel = took(&spec(&FUELLED, &guests.fuelled), |linked| linked.fuel());
    let counted = took(&spec(&ENGINE, &guests.metered), Linked::metered);
    let equal = (fuel.producer, fuel.both, fuel.digests) == (counted.producer, counted.both, counted.digests);
    let name = &guests.codec.name;
    (!equal || fuel.producer == 0 || fuel.both <= fuel.producer).then(|| {
        format!(
            "{message}/{task}/{name}: fuel {} alone and {} together, metered {} and {}",
            fuel.producer, fuel.both, counted.producer, counted.both
        )
    })
}

#[test]
fn instructions_and_calls_of_every_guest_are_the_fuel_that_it_takes() {
    let guests: Vec<Guests> = codecs().iter().filter(|codec| !codec.traits.is_typed()).map(Guests::of).collect();
    let mut units = Vec::new();
    for guests in &guests {
        for message in messages() {
            let tasks =
                Task::ONE_WAY.into_iter().filter(|task| guests.codec.supports(message.kind.name, *task).is_ok());
            units.extend(tasks.map(|task| (guests, message, task)));
        }
    }
    assert!(units.len() > codecs().len() * KINDS.len(), "{} cells are too few", units.len());
    let wrong = in_parallel(&units, |(guests, message, task)| differs(guests, *message, *task).into_iter().collect());
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), units.len(), wrong.join("\n"));
}
