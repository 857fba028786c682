//! What the commands say that make indexes, ask them and compare them.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test speaks by panicking"
)]

use std::fs::{self, File};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use expect_test::expect;
use serde_json::Value;

#[path = "shared/house.rs"]
mod house;

use house::{House, check, said};

const RAG: &str = "listen = \"127.0.0.1:0\"\n[retriever]\nkind = \"rag\"\n";

#[test]
fn index_says_what_changed() {
    let house = House::new(RAG);
    let first = index(&house, &[]);
    assert_eq!(first["added"][0], "rates.md");
    assert_eq!(first["anew"], true);
    assert_eq!(first["passages"], 1);
    let text = said(&house.run(&["index"]));
    assert!(
        text.starts_with("exit 0\nNothing has changed in .voicera/index/words\n1 unchanged"),
        "{text}"
    );
    house.write("knowledge_base/имя 漢字 🙂.md", "# Ω\n\nA zebra.\n");
    house.write("knowledge_base/rates.md", "# Rates\n\nA box costs 6.\n");
    house.write("knowledge_base/gone.md", "# Gone\n\nSoon.\n");
    assert_eq!(index(&house, &[])["changed"][0], "rates.md");
    fs::remove_file(house.path().join("knowledge_base/gone.md")).unwrap();
    house.write("knowledge_base/noise.md", "\0\0\0");
    let last = index(&house, &[]);
    assert_eq!(last["removed"][0], "gone.md");
    assert_eq!(last["unchanged"], 2);
    assert_eq!(last["skipped"][0]["path"], "noise.md");
    assert_eq!(last["skipped"][0]["reason"], "it is binary");
    let again = index(&house, &["--rebuild"]);
    assert_eq!(again["added"].as_array().unwrap().len(), 2);
    let zebra = ask(&house, &["zebra"]);
    assert_eq!(zebra["passages"][0]["document"], "имя 漢字 🙂.md");
}

#[test]
fn an_index_that_does_not_serve_is_refused_with_the_command_that_mends_it() {
    let house = House::new(&format!("{RAG}damaged = \"refuse\"\n"));
    index(&house, &[]);
    house.write(
        "voicera.toml",
        &format!("{RAG}[retriever.chunks]\ntokens = 300\n"),
    );
    check(
        &house,
        &["serve"],
        expect![[r#"
        exit 1
        error: the index cannot be used: the index was made with chunks `cuts 1, 512
               tokens, 32 overlap, joined below 80, en-US` and this configuration wants
               chunks `cuts 1, 300 tokens, 32 overlap, joined below 80, en-US`; run
               `voicera index`
    "#]],
    );
    let outdated = "outdated = \"rebuild\"\n[retriever.chunks]\ntokens = 300\n";
    house.write("voicera.toml", &format!("{RAG}{outdated}"));
    assert_eq!(house.run(&["ask", "box"]).status.code(), Some(0));

    house.write("voicera.toml", &format!("{RAG}damaged = \"refuse\"\n"));
    for file in fs::read_dir(house.path().join(".voicera/index/words")).unwrap() {
        fs::write(file.unwrap().path(), "no").unwrap();
    }
    for command in [&["serve"][..], &["index"], &["ask", "box"]] {
        let said = said(&house.run(command));
        assert!(said.starts_with("exit 1\nerror: the index"), "{said}");
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            said.contains("is damaged; run `voicera index --rebuild`"),
            "{said}"
        );
    }
    assert_eq!(index(&house, &["--rebuild"])["anew"], true);
}

#[test]
fn an_index_that_another_process_writes_is_left_to_it() {
    let house = House::new(RAG);
    index(&house, &[]);
    let lock = ".voicera/index/words/.tantivy-writer.lock";
    let lock = File::create(house.path().join(lock)).unwrap();
    lock.lock().unwrap();
    house.write("knowledge_base/rates.md", "# Rates\n\nA box costs 6.\n");
    check(
        &house,
        &["index"],
        expect![[r#"
        exit 1
        error: the index in .voicera/index/words is as it was: another process is
               writing the index; wait until it is done
    "#]],
    );
    let served = ask(&house, &["box"]);
    assert_eq!(served["answer"], "A box costs 5 dollars.");
    drop(lock);
    assert_eq!(ask(&house, &["box"])["answer"], "A box costs 6.");
}

#[cfg(unix)]
#[test]
fn documents_that_cannot_be_used_are_named_and_skipped_or_refused() {
    let house = House::new(RAG);
    let documents = house.path().join("knowledge_base");
    fs::remove_file(documents.join("rates.md")).unwrap();
    let empty = check(
        &house,
        &["index"],
        expect![[r#"
        exit 64
        error: voicera.toml:2: retriever.knowledge_base: `knowledge_base` holds no
               document that can be used (0 other files, 0 skipped)
          fix: add files that end in .md, .markdown, .txt, .html, .htm, .pdf, .docx,
               .csv or .jsonl
    "#]],
    );
    assert_eq!(said(&house.run(&["serve"])), empty);

    house.write(
        "knowledge_base/rates.md",
        "# Rates\n\nA box costs 5 dollars.\n",
    );
    house.write("knowledge_base/binary.txt", "\0\u{1}\u{2}");
    house.write("knowledge_base/torn.pdf", "%PDF-1.4 and no more");
    house.write("knowledge_base/torn.docx", "no archive");
    let big = File::create(documents.join("big.md")).unwrap();
    big.set_len(200_000_000).unwrap();
    std::os::unix::fs::symlink(".", documents.join("loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", documents.join("nowhere.md")).unwrap();
    let indexed = index(&house, &[]);
    let skipped = indexed["skipped"].as_array().unwrap();
    let skipped: Vec<_> = skipped
        .iter()
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        skipped,
        [
            "big.md",
            "binary.txt",
            "loop",
            "nowhere.md",
            "torn.docx",
            "torn.pdf"
        ]
    );
    house.write("voicera.toml", &format!("{RAG}bad_files = \"refuse\"\n"));
    check(
        &house,
        &["index"],
        expect![[r#"
        exit 64
        error: voicera.toml:2: retriever.knowledge_base: `big.md` in `knowledge_base`
               cannot be used: it has 200000000 bytes, and retriever.max_file_bytes is
               67108864
          fix: mend it, move it away, or set retriever.bad_files = "skip"
    "#]],
    );
}

#[test]
fn an_index_that_was_killed_and_made_again_answers_like_one_that_was_not() {
    let killed = House::new(RAG);
    let whole = House::new(RAG);
    for house in [&killed, &whole] {
        for number in 0..200 {
            house.write(
                &format!("knowledge_base/{number}.md"),
                &format!("# File {number}\n\nThe duty on shoes of kind k{number} is {number} dollars.\n\n## More\n\nBoots of kind b{number} are dearer.\n"),
            );
        }
    }
    index(&whole, &[]);
    let mut died = 0;
    for round in 0..8_u64 {
        let command = &mut killed.command(&["index"]);
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Somewhere between its first steps and its end.
        thread::sleep(Duration::from_millis(20 + round * 37));
        child.kill().unwrap();
        died += usize::from(child.wait().unwrap().code().is_none());
    }
    assert!(died > 0, "none was killed");
    index(&killed, &[]);
    for question in ["duty on shoes of kind k17", "boots of kind b140", "File 99"] {
        let [mended, sound] = [&killed, &whole].map(|house| {
            let answer = ask(house, &[question]);
            (answer["passages"].clone(), answer["answer"].clone())
        });
        assert_eq!(mended, sound, "{question}");
        assert!(!mended.0.as_array().unwrap().is_empty(), "{question}");
    }
    assert_eq!(index(&killed, &[])["unchanged"], 201);
}

#[test]
fn ask_shows_how_the_answer_came_about() {
    let house = House::new(RAG);
    house.write(
        "knowledge_base/long.md",
        &format!(
            "# Parcels\n\n{}\n",
            "A parcel is a small thing that goes by post. ".repeat(12)
        ),
    );
    for arguments in [
        &["ask", "What does a box cost?"][..],
        &["ask", "a parcel", "--explain"],
        &["ask", "box", "--strategy", "cag"],
    ] {
        let said = said(&house.run(arguments));
        assert!(said.starts_with("exit 0\n"), "{said}");
        let wide: Vec<_> = said
            .lines()
            .filter(|line| line.chars().count() > 80)
            .collect();
        assert!(wide.is_empty(), "{wide:?}");
    }
    let answer = ask(&house, &["How much is it?", "--after", "What about a box?"]);
    assert_eq!(answer["searches"][0]["strategy"], "tantivy");
    assert_eq!(answer["searches"][0]["outcome"], "found");
    assert_eq!(answer["passages"][0]["document"], "rates.md");
    assert_eq!(ask(&house, &["box"])["answer"], "A box costs 5 dollars.");
}

#[test]
fn compare_says_which_strategy_to_take() {
    let house = House::new("");
    house.write(
        "knowledge_base/questions.jsonl",
        concat!(
            r#"{"id": "q1", "question": "What does a box cost?", "facts": ["5 dollars"], "source": "rates.md"}"#,
            "\n",
        ),
    );
    let text = said(&house.run(&["compare"]));
    assert!(text.contains("\ntantivy "), "{text}");
    assert!(text.contains("\nTake tantivy: "), "{text}");
    let wide: Vec<_> = text
        .lines()
        .filter(|line| line.chars().count() > 80)
        .collect();
    assert!(wide.is_empty(), "{wide:?}");
    let compared = json(
        &house,
        &["compare", "--json", "--strategies", "cag,tantivy"],
    );
    assert_eq!(compared["pick"], "tantivy");
    for row in compared["strategies"].as_array().unwrap() {
        assert_eq!(
            (&row["hits"], &row["answered"]),
            (&1.into(), &1.into()),
            "{row}"
        );
    }
}

#[test]
fn quality_scores_a_judged_set() {
    let house = House::new("");
    fs::create_dir_all(house.path().join("set/docs")).unwrap();
    for (name, text) in [
        ("boxes.md", "# Boxes\n\nA box costs five dollars.\n"),
        ("ships.md", "# Ships\n\nA ship sails on Monday.\n"),
    ] {
        house.write(&format!("set/docs/{name}"), text);
    }
    house.write(
        "set/queries.jsonl",
        "{\"id\": \"q1\", \"text\": \"when does a ship sail\"}\n",
    );
    house.write("set/qrels.tsv", "q1\tships\t1\n");
    let text = said(&house.run(&["quality", "set", "--strategies", "tantivy"]));
    assert!(text.starts_with("exit 0\n"), "{text}");
    assert!(text.contains("1.000"), "{text}");
    let wide: Vec<_> = text
        .lines()
        .filter(|line| line.chars().count() > 80)
        .collect();
    assert!(wide.is_empty(), "{wide:?}");
    let scored = json(
        &house,
        &["quality", "set", "--strategies", "tantivy", "--json"],
    );
    assert!(scored.to_string().contains("tantivy"), "{scored}");
}

#[cfg(feature = "qdrant")]
#[test]
fn without_its_qdrant_server_a_start_is_refused_with_the_setting_to_mend() {
    use voicera_retrievers::qdrant::testing::Server;
    use voicera_retrievers::testing::tiny::Tiny;

    let house = House::new("");
    let qdrant = Server::start().unwrap();
    let url = qdrant.url();
    for model in [1, 2] {
        let folder = house.path().join(format!("model{model}"));
        fs::create_dir(&folder).unwrap();
        Tiny::new(model).write_embedder(&folder).unwrap();
    }
    let configure = |model: u64| {
        house.write(
            "voicera.toml",
            &format!(
                "{RAG}index = \"qdrant\"\n[retriever.embedding]\nfolder = \"model{model}\"\n\
                 [retriever.qdrant]\nurl = \"{url}\"\nwrite_timeout = \"500ms\"\n"
            ),
        );
    };
    let run = |arguments: &[&str]| {
        let mut command = house.command(arguments);
        // Where the ONNX runtime may be.
        for name in ["ORT_DYLIB_PATH", "PATH", "HOME", "VIRTUAL_ENV"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        said(&command.output().unwrap())
    };
    configure(1);
    let indexed = run(&["index"]);
    if indexed.contains("ONNX runtime") {
        // Past the harness, which hides what a test prints when it passes.
        let line = format!("skipped without_its_qdrant_server: {indexed}\n");
        std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()).unwrap();
        return;
    }
    assert!(
        indexed.starts_with("exit 0\nMade anew: voicera at http"),
        "{indexed}"
    );
    configure(2);
    let refused = run(&["serve"]);
    assert!(
        refused.starts_with("exit 1\nerror: the index cannot be used: the index was made with"),
        "{refused}"
    );
    assert!(refused.contains("voicera index"), "{refused}");
    qdrant.stop();
    let refused = run(&["serve"]);
    assert!(
        refused.starts_with("exit 1\nerror: the index cannot be used"),
        "{refused}"
    );
    assert!(refused.contains("retriever.qdrant.url"), "{refused}");
    let wide: Vec<_> = refused
        .lines()
        .filter(|line| line.chars().count() > 80)
        .collect();
    assert!(wide.is_empty(), "{wide:?}");
}

/// What `index` tells programs of the one index.
fn index(house: &House, more: &[&str]) -> Value {
    let indexed = json(house, &[&["index", "--json"], more].concat());
    indexed["indexes"][0].clone()
}

fn ask(house: &House, more: &[&str]) -> Value {
    json(house, &[&["ask", "--json"], more].concat())
}

fn json(house: &House, arguments: &[&str]) -> Value {
    let output = house.run(arguments);
    assert!(output.status.success(), "{}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn an_index_with_one_wrong_byte_is_made_anew_at_start() {
    let house = House::new(RAG);
    index(&house, &[]);
    let folder = house.path().join(".voicera/index/words");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut stores = files.filter(|path| path.extension().is_some_and(|e| e == "store"));
    let store = stores.next().unwrap();
    let mut bytes = fs::read(&store).unwrap();
    bytes[10] ^= 0xff;
    fs::write(&store, bytes).unwrap();
    assert_eq!(ask(&house, &["box"])["answer"], "A box costs 5 dollars.");
}
