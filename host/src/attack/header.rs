//! What an attack says of itself: lines `;;! key: value` at the head of its file.

use weft_link::REPLY;
use weft_link::transport::by_name;

use super::hostile::{Base, Half};

/// The groups, in the order of tables.
pub const GROUPS: [&str; 13] = [
    "pointer and length",
    "allocators that lie",
    "memory that grows",
    "calls that go back",
    "change after the check",
    "the other's memory",
    "traps",
    "without bound",
    "what lived before",
    "stopped in the middle",
    "malformed bytes",
    "forged results",
    "not tested",
];

/// The keys of a head, and what stands behind them.
const KEYS: [(&str, &str); 15] = [
    ("about", "what the attack does, in a line"),
    ("group", "one of the groups"),
    ("side", "producer or consumer: who is hostile"),
    ("task", "peek or reply; without it peek"),
    ("base", "bytes or typed: which honest guests it is made of; without it bytes"),
    ("each", "an input: its name, and behind bars what stands for {words} in the text"),
    ("calls", "the numbers of the messages that are sent; without it 0 1"),
    ("breaches", "the transports that must not contain it"),
    ("only", "transports, a colon, and why there is nothing to try over the others"),
    ("except", "transports, a colon, and why there is nothing to try over these"),
    ("advisory", "an advisory about wasmtime that the attack would have met, a colon, and what it was"),
    ("loops", "yes: it never returns, and is ended with its process"),
    ("stopped-by", "fuel or epochs: what stops its guests"),
    (
        "changed-at",
        "checks: the engine changes message 1 at the check of the epoch that each input names with the word `check`",
    ),
    ("untested", "why nobody has tried"),
];

/// What stops the guests of an attack in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopper {
    /// So much fuel as the input says with the word `fuel`.
    Fuel,
    /// An epoch that ends while they run.
    Epochs,
}

/// One input of an attack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// Its name; empty where it is the only one.
    pub name: String,
    words: Vec<(String, String)>,
}

impl Input {
    /// A text with what stands for its words.
    pub fn substituted(&self, text: &str) -> String {
        self.words.iter().fold(text.to_owned(), |text, (word, value)| text.replace(&format!("{{{word}}}"), value))
    }

    /// What stands for a word.
    pub fn word(&self, word: &str) -> Option<&str> {
        self.words.iter().find(|(name, _)| name == word).map(|(_, value)| value.as_str())
    }

    /// `name | word=value | word=value`.
    fn read(text: &str) -> Result<Self, String> {
        let mut parts = text.split('|').map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty()).ok_or("an input has a name")?.to_owned();
        let words = parts.map(|part| match part.split_once('=') {
            Some((word, value)) => Ok((word.trim().to_owned(), value.trim().to_owned())),
            None => Err(format!("`{part}` is no `word=value`")),
        });
        Ok(Self { name, words: words.collect::<Result<_, _>>()? })
    }
}

/// Transports, and why.
type Reason = (Vec<String>, String);

/// The head of an attack.
#[derive(Clone, Debug)]
pub struct Header {
    /// What it does, in a line.
    pub about: String,
    /// Its group.
    pub group: &'static str,
    /// Who is hostile.
    pub side: Half,
    /// The task of its messages.
    pub task: &'static str,
    /// Which honest guests it is made of.
    pub base: Base,
    /// Its inputs: at least one.
    pub inputs: Vec<Input>,
    /// The numbers of the messages that are sent.
    pub calls: Vec<u32>,
    /// The transports that it must breach.
    pub breaches: Vec<String>,
    /// Whether it never returns.
    pub loops: bool,
    /// What stops its guests.
    pub stopper: Option<Stopper>,
    /// Whether the engine changes its message while it is read.
    pub changes: bool,
    /// Why nobody has tried.
    pub untested: Option<String>,
    /// The advisories about wasmtime that it would have met, and what each was.
    pub advisories: Vec<String>,
    only: Option<Reason>,
    except: Vec<Reason>,
}

impl Header {
    /// The head of an attack that is no file.
    pub fn of(group: &'static str, side: Half, about: &str) -> Self {
        Self {
            about: about.to_owned(),
            group,
            side,
            task: "peek",
            base: Base::Bytes,
            inputs: vec![Input::default()],
            calls: vec![0, 1],
            breaches: Vec::new(),
            loops: false,
            stopper: None,
            changes: false,
            untested: None,
            advisories: Vec::new(),
            only: None,
            except: Vec::new(),
        }
    }

    /// The same with inputs of these names.
    pub fn with_inputs(self, names: impl IntoIterator<Item = String>) -> Self {
        let inputs = names.into_iter().map(|name| Input { name, words: Vec::new() }).collect();
        Self { inputs, ..self }
    }

    /// The same for these transports only; over the others there is nothing to try, for a reason.
    pub fn only_over(self, transports: &[&str], why: &str) -> Self {
        let transports = transports.iter().map(|&name| name.to_owned()).collect();
        Self { only: Some((transports, why.to_owned())), ..self }
    }

    /// Reads the head of a file.
    ///
    /// # Errors
    /// What it does not say, or says wrongly.
    pub fn read(text: &str) -> Result<Self, String> {
        let lines: Vec<(&str, &str)> = text.lines().filter_map(|line| line.strip_prefix(";;!")).map(split).collect();
        if let Some((unknown, _)) = lines.iter().find(|(name, _)| KEYS.iter().all(|(key, _)| key != name)) {
            let keys: Vec<String> = KEYS.iter().map(|(key, about)| format!("{key} ({about})")).collect();
            return Err(format!("`{unknown}` is no key of a head; there are {}", keys.join(", ")));
        }
        let get = |key: &str| lines.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
        let all = |key: &'static str| lines.iter().filter(move |(name, _)| *name == key).map(|(_, value)| *value);
        let missing = |key: &str| format!("its head has no `;;! {key}:`");
        let groups = GROUPS.map(|group| (group, group));
        let group = chosen("group", get("group"), &groups)?.ok_or_else(|| missing("group"))?;
        let sides = [Half::Near, Half::Far].map(|half| (half.name(), half));
        let side = chosen("side", get("side"), &sides)?.ok_or_else(|| missing("side"))?;
        let mut head = Self::of(group, side, get("about").ok_or_else(|| missing("about"))?);
        head.task = chosen("task", get("task"), &[("peek", "peek"), ("reply", REPLY)])?.unwrap_or(head.task);
        head.base =
            chosen("base", get("base"), &[("bytes", Base::Bytes), ("typed", Base::Typed)])?.unwrap_or(head.base);
        let stoppers = [("fuel", Stopper::Fuel), ("epochs", Stopper::Epochs)];
        head.stopper = chosen("stopped-by", get("stopped-by"), &stoppers)?;
        head.loops = chosen("loops", get("loops"), &[("yes", true)])?.unwrap_or(false);
        head.changes = chosen("changed-at", get("changed-at"), &[("checks", true)])?.unwrap_or(false);
        let inputs = all("each").map(Input::read).collect::<Result<Vec<_>, _>>()?;
        if !inputs.is_empty() {
            head.inputs = inputs;
        }
        if let Some(calls) = get("calls") {
            let numbers = calls.split_whitespace().map(|number| number.parse());
            head.calls = numbers.collect::<Result<_, _>>().map_err(|_| format!("`{calls}` are no numbers"))?;
        }
        head.breaches = transports(get("breaches").unwrap_or_default())?;
        head.untested = get("untested").map(str::to_owned);
        head.advisories = all("advisory").map(str::to_owned).collect();
        head.only = get("only").map(reason).transpose()?;
        head.except = all("except").map(reason).collect::<Result<_, _>>()?;
        Ok(head)
    }

    /// Whether its messages are answered.
    pub fn is_answered(&self) -> bool {
        self.task == REPLY
    }

    /// Why there is nothing to try over a transport, where it says so.
    pub fn not_over(&self, transport: &str) -> Option<&str> {
        let named = |transports: &[String]| transports.iter().any(|name| name == transport);
        let left_out = self.only.iter().find(|(transports, _)| !named(transports));
        left_out.or_else(|| self.except.iter().find(|(transports, _)| named(transports))).map(|(_, why)| why.as_str())
    }
}

/// What a value stands for, where there is one.
fn chosen<T: Copy>(what: &str, value: Option<&str>, choices: &[(&str, T)]) -> Result<Option<T>, String> {
    let Some(value) = value else { return Ok(None) };
    let found = choices.iter().find(|(name, _)| *name == value).map(|(_, chosen)| Some(*chosen));
    let names = || choices.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| format!("`{value}` is no value of `{what}`; there are {}", names()))
}

/// A line's key and value.
fn split(line: &str) -> (&str, &str) {
    let (key, value) = line.split_once(':').unwrap_or((line, ""));
    (key.trim(), value.trim())
}

/// `transport transport: why`.
fn reason(text: &str) -> Result<Reason, String> {
    let (named, why) = text.split_once(':').ok_or_else(|| format!("`{text}` has no reason behind a colon"))?;
    Ok((transports(named)?, why.trim().to_owned()))
}

/// The names of transports that there are.
fn transports(text: &str) -> Result<Vec<String>, String> {
    let names: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    match names.iter().find(|name| by_name(name).is_none()) {
        Some(unknown) => Err(format!("there is no transport `{unknown}`")),
        None => Ok(names),
    }
}

#[cfg(test)]
mod tests {
    use super::{Half, Header};

    const HEAD: &str = ";;! about: writes\n;;! group: traps\n;;! side: consumer\n;;! task: reply\n\
        ;;! each: a | x=(i32.const 1) | y = 2\n;;! each: b | x=3 | y=4\n;;! breaches: linked pane\n\
        ;;! except: relay direct: they: copy\n(func)";

    #[test]
    fn a_transport_that_is_none_is_an_error() {
        for wrong in [HEAD.replace("pane", "pain"), HEAD.replace("relay direct", "relay-direct")] {
            assert!(Header::read(&wrong).is_err_and(|why| why.starts_with("there is no transport")), "{wrong}");
        }
    }

    #[test]
    fn heads_say_what_an_attack_is() {
        let head = Header::read(HEAD).expect("a head");
        assert_eq!(
            (head.group, head.side, head.task, head.calls.as_slice()),
            ("traps", Half::Far, "reply", &[0, 1][..])
        );
        assert_eq!(head.inputs[0].substituted("(f {x} {y} {z})"), "(f (i32.const 1) 2 {z})");
        assert_eq!((head.inputs[1].name.as_str(), head.inputs[1].word("y")), ("b", Some("4")));
        assert_eq!(head.breaches, ["linked", "pane"]);
        assert_eq!((head.not_over("relay"), head.not_over("pane")), (Some("they: copy"), None));
        let only = Header::read(&HEAD.replace("except", "only")).expect("a head");
        assert_eq!((only.not_over("relay"), only.not_over("pane")), (None, Some("they: copy")));
    }

    #[test]
    fn what_is_wrong_with_a_head_is_said() {
        for (from, to, why) in [
            ("about", "abuot", "`abuot` is no key"),
            ("traps", "trap", "`trap` is no value of `group`; there are pointer and length"),
            ("consumer", "receiver", "`receiver` is no value of `side`"),
            (";;! side: consumer\n", "", "no `;;! side:`"),
            ("x=3", "x", "`x` is no `word=value`"),
            ("direct: they: copy", "direct", "has no reason"),
        ] {
            assert!(Header::read(&HEAD.replace(from, to)).is_err_and(|error| error.contains(why)), "{to}");
        }
    }
}
