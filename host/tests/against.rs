//! What `--against` means, and what its trees are: whole, of their commit, laid out as they can be built.

use std::fs;
use std::path::Path;
use std::process::Command;

use weft::guests::{Abis, Alike, Aside, Likeness, Why};

use crate::support::repository::{Repository, put};
use crate::support::wat::{ConsumerText, ProducerText};
use crate::support::{codecs, workspace};

/// Asserts that an error has all of `parts`.
fn says(error: &str, parts: &[&str]) {
    for part in parts {
        assert!(error.contains(part), "`{part}` is missing in: {error}");
    }
}

#[test]
fn a_revision_is_whatever_git_takes_for_one() {
    let Some(repository) = Repository::of(&[]) else { return };
    let first = repository.git(&["rev-parse", "HEAD"]);
    repository.write("README.md", "more");
    let second = repository.commit("the second");
    repository.git(&["tag", "v1", &first]);
    let short = |hash: &str| hash[..7].to_owned();
    for (text, hash) in [("HEAD", &second), ("main", &second), ("HEAD~1", &first), ("v1", &first)] {
        let tree = repository.find(text).and_then(|against| against.tree()).expect(text);
        assert_eq!((tree.label, tree.named), (format!("{text} ({})", short(hash)), short(hash)));
        assert_eq!(tree.root.join("README.md").exists(), hash == &second, "{text}");
        assert!(tree.root.starts_with(repository.root().join("target/aside").join(hash)), "{}", tree.root.display());
    }
    for text in [second.as_str(), &second[..9]] {
        assert_eq!(repository.find(text).expect(text).label(), short(&second), "the short hash once");
    }
    // No worktree and no branch came of it, and what git would add is as it was.
    assert_eq!(repository.git(&["worktree", "list", "--porcelain"]).matches("worktree ").count(), 1);
    assert_eq!(repository.git(&["status", "--porcelain"]), "?? target/");
}

#[test]
fn directories_come_before_revisions() {
    let Some(repository) = Repository::of(&[]) else { return };
    let text = |path: &Path| path.display().to_string();
    let root = text(&repository.root());
    let checkout = repository.find(&root).and_then(|against| against.tree()).expect("a checkout");
    assert!(checkout.is_checkout && checkout.label == root && checkout.named == root, "{checkout:?}");

    let guests = repository.beside("guests");
    put(&guests.join("misnamed.wasm"), "");
    let against = repository.find(&text(&guests)).expect("a directory of modules");
    let error = against.guests(&["null"]).expect_err("none is named like a guest").to_string();
    says(&error, &["--against", &text(&guests), "misnamed.wasm is not named like a guest"]);
    let error = against.tree().expect_err("no sources").to_string();
    says(&error, &["is a directory of guests, which has no host", "without --host-too"]);

    // A directory that is neither does not hide a branch of its name: `docs` is also one of this workspace.
    repository.git(&["branch", "docs"]);
    assert!(repository.find("docs").expect("a branch").label().starts_with("docs ("));
}

#[test]
fn what_means_nothing_is_an_error_that_names_the_next_step() {
    let Some(repository) = Repository::of(&[]) else { return };
    let known = ["<codec>.producer.wasm", "modules/codecs", "--against HEAD"];
    for text in ["nothing", "HEAD~9", "HEAD..main", "--all", "", " ", "HEAD^{tree}"] {
        says(
            &repository.error(text),
            &[&[&format!("`{text}` is no directory"), "no git revision"], &known[..]].concat(),
        );
    }
    says(&repository.error("docs"), &["`docs`, though a directory,", "git knows none of that name"]);

    let shallow = repository.beside("shallow");
    repository.write("README.md", "more");
    repository.commit("the second");
    let url = format!("file://{}", repository.root().display());
    repository.git(&["clone", "--quiet", "--depth", "1", &url, &shallow.display().to_string()]);
    let aside = Aside::of(&shallow, &shallow.join("target"));
    aside.find("HEAD").and_then(|against| against.tree()).expect("a shallow clone has its HEAD");
    says(&aside.find("HEAD~1").expect_err("it has no more").to_string(), &["shallow", "git fetch --unshallow"]);

    // As an archive of the sources leaves it.
    let archive = tempfile::tempdir().expect("a directory");
    let error = Aside::of(archive.path(), archive.path()).find("HEAD").expect_err("no repository").to_string();
    says(&error, &["is no git repository", "name a directory"]);
}

#[test]
fn trees_that_cannot_be_built_say_why() {
    let Some(repository) = Repository::of(&[]) else { return };
    repository.write("modules/codecs/null/Cargo.toml", "[package]\nname = \"null\"\n");
    repository.commit("as it was before");
    says(&repository.error("HEAD"), &["HEAD (", "cannot be raced", "cdylib", "The oldest revision that can is "]);
    says(&repository.error(&repository.root().display().to_string()), &["cannot be raced"]);
    repository.git(&["rm", "--quiet", "-r", "modules"]);
    repository.commit("nothing");
    says(&repository.error("HEAD"), &["HEAD (", "is no weft", "modules/codecs"]);
}

#[test]
fn the_oldest_revision_is_the_one_that_the_error_names() {
    let Some(repository) = Repository::of(&[]) else { return };
    repository.write("modules/codecs/null/Cargo.toml", "[package]\nname = \"null\"\n");
    repository.commit("as it was before");
    let error = repository.error("HEAD");
    let (_, rest) = error.split_once("The oldest revision that can is ").expect("it is named");
    let oldest = rest.split(';').next().expect("a hash");
    let aside = Aside::of(workspace(), &repository.beside("target"));
    let before = format!("{oldest}~1");
    let (Ok(oldest), Ok(before)) = (aside.find(oldest), aside.find(&before)) else {
        eprintln!("skipped: this is no clone with the history up to {oldest}");
        return;
    };
    oldest.tree().expect("its codecs are laid out as they are built here");
    says(&before.tree().expect_err("it is too old").to_string(), &["cannot be raced"]);
}

#[test]
fn an_export_that_was_interrupted_is_not_taken_for_whole() {
    let Some(repository) = Repository::of(&[("z/last.txt", "the last that git writes")]) else { return };
    let blob = repository.git(&["rev-parse", "HEAD:z/last.txt"]);
    let object = repository.root().join(".git/objects").join(&blob[..2]).join(&blob[2..]);
    let away = repository.beside("object");
    fs::rename(&object, &away).expect("an object of its own");
    says(&repository.error("HEAD"), &["git cannot export HEAD (", &blob]);
    let commit = repository.git(&["rev-parse", "HEAD"]);
    let left = fs::read_dir(repository.root().join("target/aside").join(&commit)).expect("the commit's directory");
    let left: Vec<_> = left.map(|entry| entry.expect("an entry").file_name()).collect();
    assert_eq!(left, ["used"], "something is left of it");
    // What a process leaves that was killed.
    put(&repository.root().join("target/aside").join(&commit).join(".new-killed/tree/Cargo.toml"), "a part");

    fs::rename(&away, &object).expect("it is there again");
    let tree = repository.find("HEAD").and_then(|against| against.tree()).expect("a whole tree");
    assert_eq!(fs::read_to_string(tree.root.join("z/last.txt")).expect("the last file"), "the last that git writes");
    // The commit's tree is exported once: git is not asked for it again.
    fs::rename(&object, &away).expect("an object of its own");
    repository.find("HEAD").and_then(|against| against.tree()).expect("it is there");
}

#[test]
fn settings_of_the_workspace_do_not_reach_a_tree() {
    const FILE: &str = ".cargo/config.toml";
    let both = "[alias]\nweft = \"run\"\n[profile.guest]\nopt-level = 2\n";
    let Some(repository) = Repository::of(&[(FILE, both)]) else { return };
    let tree = || repository.find("HEAD").and_then(|against| against.tree());
    tree().expect("both have the same");
    // What builds nothing may differ.
    repository.write(FILE, &both.replace("weft =", "weave ="));
    tree().expect("another alias");
    for (text, table) in [(both.replace('2', "1"), "[profile]"), (format!("{both}[env]\nA = \"1\"\n"), "[env]")] {
        repository.write(FILE, &text);
        says(&repository.error("HEAD"), &[FILE, table, "HEAD (", "git worktree add ../weft-before"]);
    }
    // What only the revision sets holds only there.
    fs::remove_file(repository.root().join(FILE)).expect("the settings");
    tree().expect("only the tree has some");
}

/// A codec of the workspace as the files of another set.
fn copied(name: &str, to: &Path) {
    let codec = codecs().iter().find(|codec| codec.name == name).expect("a codec");
    for (guest, side) in [(&codec.producer, "producer"), (&codec.consumer, "consumer")] {
        fs::write(to.join(format!("{name}.{side}.wasm")), &guest.wasm).expect("a file");
    }
}

#[test]
fn a_set_says_of_each_codec_why_it_is_not_there() {
    let guests = tempfile::tempdir().expect("a directory");
    copied("bytes", guests.path());
    copied("null", guests.path());
    let far = ConsumerText::default().text();
    for (name, rest) in [("tomorrow", r#"(@custom "weft.traits" "{\"abi\": 2}")"#), ("broken", "")] {
        let near = ProducerText { rest: rest.to_owned(), ..ProducerText::default() }.text();
        let near = if name == "broken" { near.replace("\"outbox\"", "\"in_box\"") } else { near };
        fs::write(guests.path().join(format!("{name}.producer.wat")), near).expect("a file");
        fs::write(guests.path().join(format!("{name}.consumer.wat")), &far).expect("a file");
    }
    // Nobody asks for it: what is wrong with it is no matter.
    fs::write(guests.path().join("half.producer.wasm"), "").expect("a file");

    let text = guests.path().display().to_string();
    let against = Aside::of(guests.path(), guests.path()).find(&text).expect("a directory of guests");
    let set = against.guests(&["tomorrow", "null", "mine", "broken"]).expect("a set");
    assert_eq!(set.codecs.iter().map(|codec| codec.name.as_str()).collect::<Vec<_>>(), ["null"]);
    assert_eq!((set.label.as_str(), &set.rustc), (text.as_str(), &None));
    assert_eq!(set.codecs[0].directory.as_deref(), Some(guests.path()), "it is none of the workspace's");
    let absent: Vec<_> = set.absent.iter().map(|absent| absent.codec.as_str()).collect();
    assert_eq!(absent, ["broken", "mine", "tomorrow"]);
    says(&set.absent[0].why.to_string(), &["the producer of `broken`", "outbox"]);
    let known = "it has broken, bytes, half, null, tomorrow";
    says(&set.absent[1].why.to_string(), &[&text, "does not have it", known]);
    assert_eq!(set.absent[2].why, Why::OtherAbi { found: 2, known: 1 });
    says(&set.absent[2].why.to_string(), &["another ABI", "version 2", "this weft version 1"]);

    let error = against.guests(&["half"]).expect_err("a half").to_string();
    says(&error, &["--against", "add half.consumer.wasm"]);
}

#[test]
fn codecs_are_compared_guest_by_guest() {
    let [bytes, null] = ["bytes", "null"].map(|name| codecs().iter().find(|codec| codec.name == name).expect("it"));
    let abi = bytes.traits.abi.expect("it says so");
    let likeness = |producer, consumer, abi| Likeness { producer, consumer, abi };
    let same = Likeness::of(bytes, bytes);
    assert_eq!((same, same.is_same()), (likeness(Alike::Same, Alike::Same, Abis::Same(abi)), true));
    let mut other = bytes.clone();
    other.files[1] = null.files[1].clone();
    other.traits.abi = None;
    let consumer = Likeness::of(bytes, &other);
    assert_eq!((consumer, consumer.is_same()), (likeness(Alike::Same, Alike::Differ, Abis::Unknown), false));
    other.files.swap(0, 1);
    other.files[1] = bytes.files[1].clone();
    other.traits.abi = Some(abi + 1);
    let producer = Likeness::of(bytes, &other);
    assert_eq!(
        (producer, producer.is_same()),
        (likeness(Alike::Differ, Alike::Same, Abis::Differ(abi, abi + 1)), false)
    );
    assert_eq!([Alike::Same, Alike::Differ].map(|alike| alike.to_string()), ["same", "differ"]);
}

#[test]
fn this_workspace_has_a_head_or_is_no_clone() {
    let target = tempfile::tempdir().expect("a directory");
    let git = Command::new("git").args(["rev-parse", "HEAD", "--show-prefix"]).current_dir(workspace()).output();
    let head = git.ok().filter(|output| output.status.success());
    let head = head.map(|output| String::from_utf8(output.stdout).expect("a hash"));
    if head.as_ref().is_some_and(|head| head.lines().nth(1).is_some_and(|inside| !inside.is_empty())) {
        eprintln!("skipped: this is a part of another repository");
        return;
    }
    let against = Aside::of(workspace(), target.path()).find("HEAD");
    let Some(head) = head else {
        says(&against.expect_err("no clone").to_string(), &["no git revision"]);
        eprintln!("skipped: this is no clone");
        return;
    };
    let tree = against.and_then(|against| against.tree()).expect("the tree of HEAD");
    assert_eq!(tree.label, format!("HEAD ({})", &head[..7]));
    assert!(tree.codecs().contains(&"null".to_owned()), "{:?}", tree.codecs());
}
