//! A plugin system as a host, with a system that is made for this: it compiles nothing, and its plugins return what they are told.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use anyhow::bail;
use weft::cell::{Cell, Figure};
use weft::serve::{Asked, Host, Refusal};
use weft::verify::Expected;
use weft_link::Limits;
use weft_link::transport::Isolation;
use weft_plugin_host::{About, Calls, Module, Pair, PluginHost, Plugins, Sent, System};
use weft_schemas::Task;

const PLUGINS: &[Plugins] = &[Plugins {
    codec: "bytes",
    producer: Module { name: "bytes.producer", wasm: b"abc" },
    consumer: Module { name: "bytes.consumer", wasm: b"" },
}];

/// What a plugin answers: `digests` by number; a number that has none fails.
#[derive(Clone)]
struct Told {
    prepared: Option<i64>,
    digests: &'static [i64],
    /// What was compiled, and which numbers were asked for.
    seen: Rc<RefCell<Vec<String>>>,
}

impl Told {
    fn new(prepared: Option<i64>, digests: &'static [i64]) -> Self {
        Self { prepared, digests, seen: Rc::default() }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.take()
    }
}

impl System for Told {
    type Compiled = usize;
    type Pair = Self;

    fn about(&self) -> About {
        About { name: "told", system: "Told", version: "1".to_owned(), settings: "", transport: "word", copies: 3 }
    }

    fn compile(&self, wasm: &[u8], _: &Limits) -> anyhow::Result<usize> {
        self.seen.borrow_mut().push(format!("compile {}", wasm.len()));
        Ok(wasm.len())
    }

    fn load(&self, producer: &usize, consumer: &usize, calls: Calls) -> anyhow::Result<Self> {
        self.seen.borrow_mut().push(format!("load {producer} {consumer} for {}", calls.receive));
        Ok(self.clone())
    }
}

impl Pair for Told {
    fn prepare(&mut self) -> anyhow::Result<Option<i64>> {
        Ok(self.prepared)
    }

    fn send(&mut self, number: u32) -> anyhow::Result<Sent> {
        self.seen.borrow_mut().push(number.to_string());
        match self.digests.get(number as usize) {
            Some(&result) => Ok(Sent { wire_bytes: 10 * (number as usize + 1), result }),
            None => bail!("trapped"),
        }
    }
}

fn cell(codec: &str, transport: &str) -> Cell {
    Cell::new("log@1".parse().expect("a message"), Task::Own, codec, transport)
}

fn expected(digests: &[u64]) -> Arc<Expected> {
    Arc::new(Expected::new(digests.to_vec()))
}

/// What verifying ends with.
fn verified(told: &Told, cell: &Cell, digests: &[u64]) -> Result<(Option<f64>, Option<u64>), Refusal> {
    let verified = PluginHost::new(told.clone(), PLUGINS).verify(cell, &cell.codec, expected(digests))?;
    Ok((verified.wire_bytes, verified.copies))
}

#[test]
fn it_greets_with_its_only_way_and_the_hashes_of_its_plugins() {
    let greeting = PluginHost::new(Told::new(Some(0), &[]), PLUGINS).greeting();
    assert_eq!((greeting.name.as_str(), greeting.engine.name.as_str()), ("told", "Told"));
    assert_eq!(greeting.transports(), ["word"]);
    assert_eq!(greeting.transports[0].isolation, Isolation::Full);
    assert_eq!(greeting.engine.features.len(), 2);
    assert!(greeting.engine.features[0].starts_with("bytes.producer=ba7816bf"), "{:?}", greeting.engine.features);
}

#[test]
fn every_digest_of_the_rotation_is_compared() {
    let told = Told::new(Some(4096), &[5, 7, 9]);
    assert_eq!(verified(&told, &cell("bytes", "word"), &[5, 7, 9]), Ok((Some(20.0), Some(3))));
    assert_eq!(told.seen(), ["compile 3", "compile 0", "load 3 0 for receive_log_own", "0", "1", "2"]);
    // An answer is copied as often on its way back.
    let replied = Cell { task: Task::Reply, ..cell("bytes", "word") };
    assert_eq!(verified(&told, &replied, &[5, 7, 9]), Ok((Some(20.0), Some(6))));
    assert!(told.seen().contains(&"load 3 0 for receive_log_reply".to_owned()));
    let wrong = verified(&told, &cell("bytes", "word"), &[5, 8, 9]);
    assert!(matches!(&wrong, Err(Refusal::Wrong(why)) if why.contains("message 1 of 3")), "{wrong:?}");
    let failed = verified(&told, &cell("bytes", "word"), &[5, 7, 9, 11]);
    assert!(matches!(&failed, Err(Refusal::Failed(why)) if why == "trapped"), "{failed:?}");
    let status = verified(&Told::new(Some(0), &[-1]), &cell("bytes", "word"), &[5]);
    assert!(matches!(&status, Err(Refusal::Failed(why)) if why.contains("malformed")), "{status:?}");
}

#[test]
fn what_there_is_no_plugin_for_is_unsupported_with_the_reason() {
    let why = |told: &Told, cell: Cell| match verified(told, &cell, &[5]) {
        Err(Refusal::Unsupported(why)) => why,
        other => format!("{other:?}"),
    };
    let told = Told::new(Some(0), &[5]);
    let capnp = why(&told, cell("capnp", "word"));
    assert_eq!(capnp, "there is no plugin of `capnp` for Told; there are those of bytes");
    assert!(why(&told, cell("bytes", "linked")).contains("Told has one way, `word`"));
    assert!(why(&Told::new(None, &[5]), cell("bytes", "word")).contains("have no log for own"));
    let refused = verified(&Told::new(Some(-19), &[5]), &cell("bytes", "word"), &[5]);
    assert!(matches!(&refused, Err(Refusal::Failed(why)) if why.contains("the producer returned")), "{refused:?}");
}

#[test]
fn a_timed_loop_rotates_and_its_sums_are_checked() {
    let told = Told::new(Some(0), &[5, 7, 9]);
    let mut host = PluginHost::new(told.clone(), PLUGINS);
    let figure = Figure::Cell(cell("bytes", "word"));
    let asked = |placement| Asked { figure: &figure, guests: None, placement };
    let mut subject = host.subject(asked(0), Some(expected(&[5, 7, 9]))).expect("a subject");
    told.seen();
    assert_eq!(subject.rotation(), 3);
    subject.time(2).expect("right");
    subject.time(5).expect("right");
    assert_eq!(told.seen(), ["0", "1", "2", "0", "1", "2", "0"]);
    // One more is compared as the next in turn.
    let mut wrong = host.subject(asked(0), Some(expected(&[5, 8, 9]))).expect("a subject");
    wrong.time(1).expect("right");
    assert!(wrong.time(1).is_err());
    // The same number lies on the same pages, another on others.
    told.seen();
    let compiled = |placement, host: &mut PluginHost<Told>| {
        host.subject(asked(placement), Some(expected(&[5]))).expect("a subject");
        told.seen().iter().filter(|seen| seen.starts_with("compile")).count()
    };
    assert_eq!([compiled(0, &mut host), compiled(1, &mut host), compiled(1, &mut host)], [0, 2, 0]);
}
