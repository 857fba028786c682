use std::fs;
use std::path::Path;

use expect_test::{Expect, expect};
use tempfile::TempDir;

use super::*;

#[test]
fn documents_come_by_path_from_all_folders() {
    check(
        &[
            ("b.txt", b"Two\n"),
            ("sub/deep/c.markdown", b"# Three\n\nx"),
            ("a.md", b"# One\n"),
            ("picture.png", b"\x89PNG"),
            ("notes", b"no ending"),
            ("B.MD", b"# Big\n"),
        ],
        expect![[r##"
            B.MD [Big] "# Big"
            a.md [One] "# One"
            b.txt [b] "Two"
            sub/deep/c.markdown [Three] "# Three\n\nx"
            ignored 2
        "##]],
    );
}

#[test]
fn names_in_any_script_are_kept() {
    check(
        &[
            ("öffnungszeiten.md", b"x"),
            ("運賃/表.txt", "運賃".as_bytes()),
            ("with space & \"quotes\".md", b"# Q\n"),
        ],
        expect![[r##"
            with space & "quotes".md [Q] "# Q"
            öffnungszeiten.md [öffnungszeiten] "x"
            運賃/表.txt [表] "運賃"
            ignored 0
        "##]],
    );
}

#[test]
fn marks_and_line_ends_of_other_systems_are_normalised() {
    check(
        &[
            ("bom.md", b"\xef\xbb\xbf# Title\r\n\r\nline\r\n"),
            ("mac.txt", b"one\rtwo\r"),
            ("front.md", b"---\ntitle: x\n---\n\n# **The** `real` one\n"),
            (
                "named.md",
                b"---\ntitle: \"A name\"\n---\n\n## One\n\nx\n\n## Two\n\ny",
            ),
            ("two-parts.md", b"## One\n\nx\n\n## Two\n\ny"),
        ],
        expect![[r###"
            bom.md [Title] "# Title\n\nline"
            front.md [The real one] "---\ntitle: x\n---\n\n# **The** `real` one"
            mac.txt [mac] "one\ntwo"
            named.md [A name] "---\ntitle: \"A name\"\n---\n\n## One\n\nx\n\n## Two\n\ny"
            two-parts.md [two parts] "## One\n\nx\n\n## Two\n\ny"
            ignored 0
        "###]],
    );
}

#[test]
fn a_page_becomes_markdown() {
    check(
        &[(
            "hours.html",
            b"<html><head><title>x</title><style>p{}</style></head><body><script>no()</script>\
              <h1>Opening <b>hours</b></h1><p>We are&nbsp;open<br>daily.\
              <table><tr><th>Day</th><th>Hours</th></tr><tr><td>Monday</td><td>9 to 5</td></tr></table>\
              <ul><li>One<li>Two</ul></body></html>",
        )],
        expect![[r##"
            hours.html [Opening hours] "# Opening **hours**\n\nWe are\u{a0}open  \ndaily.\n\n| Day    | Hours  |\n| ------ | ------ |\n| Monday | 9 to 5 |\n\n- One\n- Two"
            ignored 0
        "##]],
    );
}

#[test]
fn a_record_becomes_a_paragraph_that_names_its_columns() {
    check(
        &[
            (
                "rates.csv",
                b"\xef\xbb\xbfRoute,Price, Note\r\n\"Singapore, Rotterdam\",\"$1,000\",\r\nDubai,$2,\"two\nlines\"\r\n",
            ),
            ("german.csv", "Strecke;Preis\nHafen;1,50 €\nHof;2,50 €\n".as_bytes()),
            ("tabs.csv", b"a\tb\n1,2\t2\n\t\n3\t4\t\n"),
            ("names.csv", b"name\nLi\n"),
        ],
        expect![[r#"
            german.csv [german] "Strecke: Hafen; Preis: 1,50 €\n\nStrecke: Hof; Preis: 2,50 €"
            names.csv [names] "name: Li"
            rates.csv [rates] "Route: Singapore, Rotterdam; Price: $1,000\n\nRoute: Dubai; Price: $2; Note: two lines"
            tabs.csv [tabs] "a: 1,2; b: 2\n\na: 3; b: 4"
            ignored 0
        "#]],
    );
}

#[test]
fn a_question_becomes_the_heading_of_its_answer() {
    check(
        &[
            (
                "faq.jsonl",
                b"{\"question\": \"When do you\\nopen?\", \"answer\": \"At nine.\\r\\nDaily.\", \"id\": 1}\n\n{\"q\": \"Where?\", \"a\": \"Here.\"}\n",
            ),
            ("pairs.jsonl", b"{\"prompt\": \"Who?\", \"response\": \"We.\"}\n{\"title\": \"Hours\", \"text\": \"Nine.\"}"),
            ("questions.jsonl", b"{\"id\": \"1\", \"question\": \"When?\", \"facts\": [\"nine\"]}\n"),
        ],
        expect![[r###"
            faq.jsonl [faq] "## When do you open?\n\nAt nine.\nDaily.\n\n## Where?\n\nHere."
            pairs.jsonl [pairs] "## Who?\n\nWe.\n\n## Hours\n\nNine."
            ignored 1
        "###]],
    );
}

#[test]
fn a_bad_record_makes_its_file_bad() {
    check(
        &[
            ("good.md", b"x"),
            ("json.jsonl", b"{\"q\": \"1\", \"a\": \"2\"}\n\n{\"q\": 1"),
            ("list.jsonl", b"[1]"),
            ("half.jsonl", b"{\"q\": \"1\", \"a\": 2}\n"),
            (
                "more-questions.jsonl",
                b"{\"id\": \"1\", \"question\": \"When?\", \"facts\": [\"nine\"]}\n",
            ),
            ("wide.csv", b"a,b\n1,2\n1,2,3\n"),
            ("head.csv", b"a,b\n"),
        ],
        expect![[r#"
            good.md [good] "x"
            skipped half.jsonl: line 1 has no question with its answer; name them "question" and "answer"
            skipped head.csv: it has no records below the names of its columns
            skipped json.jsonl: line 3 is not a JSON object (column 7)
            skipped list.jsonl: line 1 is not a JSON object (column 0)
            skipped more-questions.jsonl: line 1 is a question to evaluate answers with; name the file questions.jsonl, or move it away
            skipped wide.csv: line 3 has 3 columns, and the first line names 2
            ignored 0
        "#]],
    );
}

#[test]
fn a_word_document_becomes_markdown() {
    let styles = r#"<w:styles xmlns:w="w">
        <w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
        <w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
        <w:style w:styleId="Own"><w:name w:val="Own"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
        </w:styles>"#;
    let text = r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="w" xmlns:mc="mc"><w:body>
        <w:p><w:pPr><w:pStyle w:val="Titel"/></w:pPr><w:r><w:t>Our </w:t></w:r><w:r><w:t>rates</w:t></w:r></w:p>
        <w:p><w:r><w:t xml:space="preserve">Fish &amp; chips </w:t><w:tab/><w:t>&#8364;5.</w:t><w:br/><w:t>Daily.</w:t></w:r>
          <w:del><w:r><w:delText>never</w:delText></w:r></w:del></w:p>
        <w:p><w:pPr><w:pStyle w:val="berschrift2"/></w:pPr><w:r><w:t>Papers</w:t></w:r></w:p>
        <w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>one</w:t></w:r></w:p>
        <w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>two</w:t></w:r></w:p>
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Route</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Price</w:t></w:r></w:p></w:tc></w:tr>
          <w:tr><w:tc><w:p><w:r><w:t>A|B</w:t></w:r></w:p><w:p><w:r><w:t>C</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>
        <w:p><w:pPr><w:pStyle w:val="Own"/></w:pPr><w:r><w:t>Last</w:t></w:r></w:p>
        <w:p><mc:AlternateContent><mc:Choice><w:r><w:t>Once</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>Twice</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>
        </w:body></w:document>"#;
    let document = docx(&[("word/styles.xml", styles), ("word/document.xml", text)]);
    check(
        &[("rates.docx", &document)],
        expect![[r##"
        rates.docx [Our rates] "# Our rates\n\nFish & chips  €5.\nDaily.\n\n## Papers\n\n- one\n  - two\n\n| Route | Price |\n|---|---|\n| A\\|B C |  |\n\n### Last\n\nOnce"
        ignored 0
    "##]],
    );
}

#[test]
fn a_bad_word_document_is_named_and_skipped() {
    let whole = docx(&[("word/document.xml", "<w:p><w:t>x</w:t></w:p>")]);
    // The size in the directory at the end of the archive.
    let mut bomb = whole.clone();
    let entry = bomb
        .windows(4)
        .position(|bytes| bytes == b"PK\x01\x02")
        .unwrap();
    bomb[entry + 24..entry + 28].copy_from_slice(&u32::to_le_bytes(1 << 31));
    check(
        &[
            ("good.docx", &whole),
            ("cut.docx", &whole[..whole.len() / 2]),
            ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"),
            ("sheet.docx", &docx(&[("xl/workbook.xml", "<x/>")])),
            (
                "torn.docx",
                &docx(&[("word/document.xml", "<w:p><w:t>x</w:p>")]),
            ),
            ("bomb.docx", &bomb),
            ("blank.docx", &docx(&[("word/document.xml", "<w:p/>")])),
        ],
        expect![[r#"
            good.docx [good] "x"
            skipped blank.docx: it has no text
            skipped bomb.docx: it unpacks to more than 134217728 bytes
            skipped cut.docx: it is not a whole DOCX file (invalid Zip archive: Could not find EOCD)
            skipped locked.docx: it needs a password, or is an old DOC; save it as DOCX without one
            skipped sheet.docx: it is not a DOCX file: it has no text part
            skipped torn.docx: it is not a whole DOCX file (ill-formed document: expected `</w:t>`, but `</w:p>` was found)
            ignored 0
        "#]],
    );
}

#[cfg(feature = "pdf")]
#[test]
fn each_page_of_a_pdf_becomes_a_section() {
    let first = "BT /F1 12 Tf 14 TL 72 700 Td (Our ) Tj (rates) Tj T* (We ship to Rotter-) Tj T* (dam \\(daily\\).) Tj \
                 0 -40 Td [(Ca) 20 (ll) -400 (us: ) -10 (caf\\351)] TJ 200 0 Td (Now) Tj ET";
    let third = "q 0 1 -1 0 0 0 cm BT /F1 10 Tf 1 0 0 1 50 50 Tm (Turned) Tj 40 0 Td (page) Tj ET Q /Fm0 Do";
    let pdf = pdf(&[first, "", third], "BT /F1 9 Tf 5 5 Td (# Inside) Tj ET");
    check(
        &[("rates.pdf", &bytes(pdf))],
        expect![[r###"
        rates.pdf [rates] "## Page 1\n\nOur rates\nWe ship to Rotterdam (daily).\n\nCall us: café Now\n\n## Page 3\n\nTurned page\n\n\\# Inside"
        ignored 0
    "###]],
    );
}

#[cfg(feature = "pdf")]
#[test]
fn a_bad_pdf_is_named_and_skipped() {
    let whole = bytes(pdf(&["BT /F1 12 Tf (Words) Tj ET"], ""));
    check(
        &[
            ("good.pdf", &whole),
            ("locked.pdf", &locked_pdf("secret")),
            ("open.pdf", &locked_pdf("")),
            ("scanned.pdf", &bytes(pdf(&["0 0 m 9 9 l S", ""], ""))),
            ("cut.pdf", &whole[..60]),
            ("text.pdf", b"no PDF at all"),
        ],
        expect![[r###"
            good.pdf [good] "## Page 1\n\nWords"
            open.pdf [open] "## Page 1\n\nWords"
            skipped cut.pdf: it is not a whole PDF (failed parsing cross reference table)
            skipped locked.pdf: it needs a password; save it without one
            skipped scanned.pdf: it has no text; where its pages are scanned, have them recognised first (OCR)
            skipped text.pdf: it is not a whole PDF (couldn't parse input)
            ignored 0
        "###]],
    );
}

#[cfg(feature = "pdf")]
#[test]
fn a_damaged_pdf_harms_nobody() {
    let whole = bytes(pdf(&["BT /F1 12 Tf (Words) Tj /Fm0 Do ET"], "/Fm0 Do"));
    let mut seed = 7_usize;
    for _ in 0..300 {
        let mut damaged = whole.clone();
        for _ in 0..4 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let place = (seed >> 33) % damaged.len();
            damaged[place] = b"0123456789/<>[]() R"[(seed >> 20) % 19];
        }
        let folder = folder(&[("damaged.pdf", &damaged)]);
        let listing = find(folder.path(), &Rules::default()).unwrap();
        let _ = listing.files[0].open();
    }
}

#[test]
fn a_bad_file_is_named_and_skipped() {
    let nested = "<div>".repeat(100_000);
    check(
        &[
            ("good.md", b"# Good\n"),
            ("binary.txt", b"\x7fELF\0\0"),
            ("empty.md", b""),
            ("blank.md", b" \r\n\n"),
            ("latin.txt", b"caf\xe9"),
            ("wide.txt", b"\xff\xfea\0"),
            ("nested.html", nested.as_bytes()),
            ("nothing.html", b"<html><body></body></html>"),
        ],
        expect![[r##"
            good.md [Good] "# Good"
            skipped binary.txt: it is binary
            skipped blank.md: it has no text
            skipped empty.md: it is empty
            skipped latin.txt: it is not UTF-8 (at byte 3); save it as UTF-8
            skipped nested.html: its elements are nested more than 256 deep
            skipped nothing.html: it has no text
            skipped wide.txt: it is UTF-16; save it as UTF-8
            ignored 0
        "##]],
    );
}

#[test]
fn a_page_as_deep_as_is_allowed_is_read() {
    let deep = format!("{}words", "<div>".repeat(256));
    check(
        &[("deep.html", deep.as_bytes())],
        expect![[r#"
            deep.html [deep] "words"
            ignored 0
        "#]],
    );
}

#[test]
fn a_file_of_200_megabytes_is_passed_over_unread() {
    let folder = folder(&[("good.md", b"x")]);
    let large = File::create(folder.path().join("large.txt")).unwrap();
    large.set_len(200 * 1024 * 1024).unwrap();
    expect![[r#"
        good.md [good] "x"
        skipped large.txt: it has 209715200 bytes, and retriever.max_file_bytes is 67108864
        ignored 0
    "#]]
    .assert_eq(&trace(&read(folder.path(), &Rules::default()).unwrap()));
}

#[test]
fn a_listed_file_is_hashed_and_opened_on_its_own() {
    let folder = folder(&[("a.md", b"# One"), ("b.md", b"\0")]);
    let listing = find(folder.path(), &Rules::default()).unwrap();
    let [good, bad] = listing.files.as_slice() else {
        panic!("{listing:?}");
    };
    assert_eq!(good.open().unwrap().1, good.hash().unwrap());
    assert_eq!(bad.open().unwrap_err().to_string(), "b.md: it is binary");
    fs::remove_file(folder.path().join("a.md")).unwrap();
    let gone = "a.md: No such file or directory (os error 2)";
    assert_eq!(good.hash().unwrap_err().to_string(), gone);
    assert_eq!(good.open().unwrap_err().to_string(), gone);
}

#[test]
fn a_bad_file_is_refused_where_that_is_set() {
    let folder = folder(&[("good.md", b"# Good\n"), ("bad.txt", b"\0")]);
    let rules = Rules {
        bad_files: BadFiles::Refuse,
        ..Rules::default()
    };
    refuses(
        read(folder.path(), &rules),
        &folder,
        expect![[
            r#"retriever.knowledge_base: `bad.txt` in `DIR` cannot be used: it is binary; mend it, move it away, or set retriever.bad_files = "skip""#
        ]],
    );
}

#[test]
fn hidden_files_and_folders_are_passed_over() {
    check(
        &[
            (".hidden.md", b"x"),
            (".git/notes.md", b"x"),
            ("seen.md", b"x"),
        ],
        expect![[r#"
            seen.md [seen] "x"
            ignored 0
        "#]],
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_but_not_in_circles() {
    use std::os::unix::fs::symlink;
    let elsewhere = folder(&[("far.md", b"far")]);
    let folder = folder(&[("sub/near.md", b"near")]);
    symlink(folder.path(), folder.path().join("sub/loop")).unwrap();
    symlink(elsewhere.path(), folder.path().join("linked")).unwrap();
    symlink("nowhere", folder.path().join("broken.md")).unwrap();
    expect![[r#"
        linked/far.md [far] "far"
        sub/near.md [near] "near"
        skipped broken.md: No such file or directory (os error 2)
        skipped sub/loop: it is a symbolic link to a folder above it
        ignored 0
    "#]]
    .assert_eq(&trace(&read(folder.path(), &Rules::default()).unwrap()));
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let folder = folder(&[("good.md", b"x")]);
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("pipe.md")).unwrap();
    expect![[r#"
        good.md [good] "x"
        skipped pipe.md: it is not a regular file
        ignored 0
    "#]]
    .assert_eq(&trace(&read(folder.path(), &Rules::default()).unwrap()));
}

#[test]
fn a_single_file_is_a_knowledge_base() {
    let folder = folder(&[("one.md", b"# One\n"), ("two.md", b"# Two\n")]);
    let library = read(&folder.path().join("two.md"), &Rules::default()).unwrap();
    expect![[r##"
        two.md [Two] "# Two"
        ignored 0
    "##]]
    .assert_eq(&trace(&library));
}

#[test]
fn what_is_no_knowledge_base_is_refused_with_the_fix() {
    let folder = folder(&[("data.xlsx", b"1"), ("bad.md", b"")]);
    let rules = Rules::default();
    refuses(
        read(folder.path(), &rules),
        &folder,
        expect![
            "retriever.knowledge_base: `DIR` holds no document that can be used (1 other files, 1 skipped); add files that end in .md, .markdown, .txt, .html, .htm, .pdf, .docx, .csv or .jsonl"
        ],
    );
    refuses(
        read(&folder.path().join("gone"), &rules),
        &folder,
        expect![
            "retriever.knowledge_base: `DIR/gone` does not exist; create the folder, or name the one that holds the documents"
        ],
    );
    refuses(
        read(&folder.path().join("data.xlsx"), &rules),
        &folder,
        expect![
            "retriever.knowledge_base: `DIR/data.xlsx` is not a document; name a folder, or a file that ends in .md, .markdown, .txt, .html, .htm, .pdf, .docx, .csv or .jsonl"
        ],
    );
}

#[test]
fn too_many_documents_are_refused_before_one_is_opened() {
    let folder = folder(&[("1.md", b"x"), ("2.md", b"x"), ("3.md", b"x")]);
    let rules = Rules {
        max_files: 2,
        ..Rules::default()
    };
    refuses(
        read(folder.path(), &rules),
        &folder,
        expect![
            "retriever.knowledge_base: `DIR` holds more than 2 documents; name a smaller folder, or raise retriever.max_files"
        ],
    );
}

#[test]
fn a_survey_counts_by_names_and_sizes() {
    let folder = folder(&[
        ("a.md", b"12345"),
        ("b.txt", b"\0\0\0"),
        ("c.md", b""),
        ("d.xlsx", b"1"),
    ]);
    let survey = survey(folder.path(), &Rules::default()).unwrap();
    let expected = Survey {
        documents: 2,
        bytes: 8,
        skipped: vec![BadFile {
            path: "c.md".to_owned(),
            reason: "it is empty".to_owned(),
        }],
        ignored: 1,
    };
    assert_eq!(survey, expected);
}

fn check(files: &[(&str, &[u8])], expected: Expect) {
    let folder = folder(files);
    let library = read(folder.path(), &Rules::default()).unwrap();
    expected.assert_eq(&trace(&library));
    let again = read(folder.path(), &Rules::default()).unwrap();
    assert_eq!(again, library, "a second reading differs");
}

fn refuses(read: Result<Library, ReadError>, folder: &TempDir, expected: Expect) {
    let message = read.unwrap_err().to_string();
    expected.assert_eq(&message.replace(folder.path().to_str().unwrap(), "DIR"));
}

fn trace(library: &Library) -> String {
    let documents = library.documents.iter();
    let documents = documents.map(|d| format!("{} [{}] {:?}\n", d.path, d.title, d.text));
    let skipped = library.skipped.iter();
    let skipped = skipped.map(|bad| format!("skipped {bad}\n"));
    let ignored = format!("ignored {}\n", library.ignored);
    documents.chain(skipped).chain([ignored]).collect()
}

fn docx(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut file = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        let options = zip::write::SimpleFileOptions::default();
        file.start_file(*name, options).unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    }
    file.finish().unwrap().into_inner()
}

#[cfg(feature = "pdf")]
fn pdf(pages: &[&str], form: &str) -> lopdf::Document {
    use lopdf::{Document, Stream, dictionary};
    let mut document = Document::with_version("1.5");
    let root = document.new_object_id();
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier",
        "Encoding" => "WinAnsiEncoding", "FirstChar" => 0, "LastChar" => 255,
        "Widths" => vec![600.into(); 256],
    });
    let form = Stream::new(
        dictionary! { "Type" => "XObject", "Subtype" => "Form" },
        form.into(),
    );
    let form = document.add_object(form);
    let resources = document.add_object(dictionary! {
        "Font" => dictionary! { "F1" => font },
        "XObject" => dictionary! { "Fm0" => form },
    });
    let kids: Vec<_> = pages
        .iter()
        .map(|content| {
            let content = Stream::new(dictionary! {}, content.as_bytes().to_vec());
            let content = document.add_object(content);
            let page = dictionary! { "Type" => "Page", "Parent" => root, "Contents" => content };
            document.add_object(page).into()
        })
        .collect();
    let count = kids.len() as i64;
    let tree = dictionary! {
        "Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    };
    document.objects.insert(root, tree.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => root });
    document.trailer.set("Root", catalog);
    let id = lopdf::Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", vec![id.clone(), id]);
    document
}

#[cfg(feature = "pdf")]
fn locked_pdf(password: &str) -> Vec<u8> {
    let mut document = pdf(&["BT /F1 12 Tf (Words) Tj ET"], "");
    let version = lopdf::EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: password,
        key_length: 128,
        permissions: lopdf::Permissions::all(),
    };
    let state = lopdf::EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    bytes(document)
}

#[cfg(feature = "pdf")]
fn bytes(mut document: lopdf::Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

#[test]
fn programs_and_drawings_of_a_page_are_not_deep() {
    let folder = tempfile::tempdir().unwrap();
    let program = "if(i<n){a<b;}".repeat(400);
    let icons = "<svg viewBox='0 0 1 1'><circle r='1'/><use href='#a'/></svg>".repeat(300);
    let page = format!("<h1>Rates</h1><script>{program}</script>{icons}<p>USD 5</p>");
    fs::write(folder.path().join("page.html"), page).unwrap();
    let library = read(folder.path(), &Rules::default()).unwrap();
    assert!(library.documents[0].text.contains("USD 5"));
}
