//! A tiny BERT with random weights: the files of a model, made here, and what it must answer.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Map, Value, json};

use onnx::Graph;

mod onnx;

const WIDTH: usize = 32;
const HEADS: usize = 2;
const INNER: usize = 64;
const LAYERS: usize = 2;
const POSITIONS: usize = 128;
const EPSILON: f32 = 1e-12;

/// Words of its vocabulary; others are spelt letter by letter.
pub const WORDS: &str = "the a of to is how long does take from by and or for ocean air freight \
    container customs invoice packing list port days hours price dollars forty foot filing due \
    before loading shanghai hamburg oslo delivery cost charge who what when where are you open \
    closed sundays warm parcel late insurance dangerous goods carrier export import licence";

/// The model: a matrix has a row for each input.
#[derive(Clone, Debug)]
pub struct Tiny {
    vocabulary: Vec<String>,
    words: Matrix,
    positions: Matrix,
    types: Matrix,
    first: Norm,
    layers: Vec<Layer>,
    /// From the first word's vector to a score.
    score: Dense,
}

#[derive(Clone, Debug)]
struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f32>,
}

#[derive(Clone, Debug)]
struct Norm {
    scale: Vec<f32>,
    shift: Vec<f32>,
}

#[derive(Clone, Debug)]
struct Dense {
    weight: Matrix,
    bias: Vec<f32>,
}

#[derive(Clone, Debug)]
struct Layer {
    query: Dense,
    key: Dense,
    value: Dense,
    joined: Dense,
    after_attention: Norm,
    inner: Dense,
    outer: Dense,
    after_inner: Norm,
}

impl Tiny {
    pub fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let vocabulary = vocabulary();
        Self {
            words: random.matrix(vocabulary.len(), WIDTH),
            positions: random.matrix(POSITIONS, WIDTH),
            types: random.matrix(2, WIDTH),
            first: random.norm(),
            layers: (0..LAYERS)
                .map(|_| Layer {
                    query: random.dense(WIDTH, WIDTH),
                    key: random.dense(WIDTH, WIDTH),
                    value: random.dense(WIDTH, WIDTH),
                    joined: random.dense(WIDTH, WIDTH),
                    after_attention: random.norm(),
                    inner: random.dense(WIDTH, INNER),
                    outer: random.dense(INNER, WIDTH),
                    after_inner: random.norm(),
                })
                .collect(),
            score: random.dense(WIDTH, 1),
            vocabulary,
        }
    }

    /// Writes the files of an embedding model; its vectors are the mean of the words'.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written.
    pub fn write_embedder(&self, folder: &Path) -> io::Result<()> {
        let mut graph = Graph::default();
        let words = self.body(&mut graph);
        graph.output(&words, "last_hidden_state", &["batch", "sequence", "width"]);
        self.write(graph, folder)
    }

    /// Writes the files of a cross-encoder.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written.
    pub fn write_reranker(&self, folder: &Path) -> io::Result<()> {
        let mut graph = Graph::default();
        let words = self.body(&mut graph);
        let index = graph.integers(&[], &[0]);
        let first = graph.node("Gather", &[&words, &index], &[("axis", 1)]);
        let score = self.score.node(&mut graph, &first);
        graph.output(&score, "logits", &["batch", "one"]);
        self.write(graph, folder)
    }

    /// The vector of words that are all in the vocabulary.
    pub fn vector(&self, text: &str) -> Vec<f32> {
        let words = self.run(&[text]);
        let mut mean = vec![0.0; WIDTH];
        for word in &words {
            add(&mut mean, word);
        }
        let length = mean.iter().map(|c| c * c).sum::<f32>().sqrt();
        mean.iter().map(|c| c / length).collect()
    }

    /// How well a passage answers a question; their words are all in the vocabulary.
    pub fn score(&self, question: &str, passage: &str) -> f32 {
        self.score.of(&self.run(&[question, passage])[0])[0]
    }

    fn run(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        let mut words = Vec::new();
        for (kind, text) in texts.iter().enumerate() {
            let opening = ["[CLS]"].into_iter().filter(|_| kind == 0);
            for word in opening.chain(text.split(' ')).chain(["[SEP]"]) {
                let known = self.vocabulary.iter().position(|known| known == word);
                let mut vector = self.words.row(known.expect("a known word")).to_vec();
                add(&mut vector, self.types.row(kind));
                add(&mut vector, self.positions.row(words.len()));
                words.push(self.first.of(&vector));
            }
        }
        for layer in &self.layers {
            words = layer.run(&words);
        }
        words
    }

    /// The same as `run`, as nodes; returns the name of the words' vectors.
    fn body(&self, graph: &mut Graph) -> String {
        for input in ["input_ids", "attention_mask", "token_type_ids"] {
            graph.input(input, &["batch", "sequence"]);
        }
        let table = self.words.constant(graph);
        let words = graph.node("Gather", &[&table, "input_ids"], &[]);
        let table = self.types.constant(graph);
        let types = graph.node("Gather", &[&table, "token_type_ids"], &[]);
        let table = self.positions.constant(graph);
        let shape = graph.node("Shape", &["input_ids"], &[]);
        let (zero, one) = (graph.integers(&[1], &[0]), graph.integers(&[1], &[1]));
        let length = graph.node("Gather", &[&shape, &one], &[]);
        let positions = graph.node("Slice", &[&table, &zero, &length, &zero], &[]);
        let sum = graph.node("Add", &[&words, &types], &[]);
        let sum = graph.node("Add", &[&sum, &positions], &[]);
        let mut words = self.first.node(graph, &sum);

        let axes = graph.integers(&[2], &[1, 2]);
        let mask = graph.node("Unsqueeze", &["attention_mask", &axes], &[]);
        let mask = graph.node("Cast", &[&mask], &[("to", 1)]);
        let one = graph.floats(&[], &[1.0]);
        let far = graph.floats(&[], &[1e9]);
        let mask = graph.node("Sub", &[&mask, &one], &[]);
        let mask = graph.node("Mul", &[&mask, &far], &[]);
        for layer in &self.layers {
            words = layer.node(graph, &words, &mask);
        }
        words
    }

    fn write(&self, graph: Graph, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("model.onnx"), graph.encode())?;
        let special = json!({
            "pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]",
        });
        let mut configuration = special.clone();
        configuration["model_max_length"] = json!(POSITIONS);
        for (name, content) in [
            ("tokenizer.json", self.tokenizer()),
            ("tokenizer_config.json", configuration),
            ("special_tokens_map.json", special),
            ("config.json", json!({ "pad_token_id": 0 })),
        ] {
            fs::write(folder.join(name), content.to_string())?;
        }
        Ok(())
    }

    fn tokenizer(&self) -> Value {
        let special: Vec<&str> = vec!["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
        let added = special.iter().enumerate().map(|(id, word)| {
            json!({
                "id": id, "content": word, "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": true,
            })
        });
        let vocabulary = self.vocabulary.iter().enumerate();
        let vocabulary: Map<String, Value> = vocabulary
            .map(|(id, word)| (word.clone(), json!(id)))
            .collect();
        let token =
            |word: &str, kind: usize| json!({ "SpecialToken": { "id": word, "type_id": kind } });
        let text = |text: &str, kind: usize| json!({ "Sequence": { "id": text, "type_id": kind } });
        let single = [token("[CLS]", 0), text("A", 0), token("[SEP]", 0)];
        let pair = [&single[..], &[text("B", 1), token("[SEP]", 1)]].concat();
        json!({
            "version": "1.0",
            "truncation": null,
            "padding": null,
            "added_tokens": added.collect::<Vec<_>>(),
            "normalizer": {
                "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                "strip_accents": null, "lowercase": true,
            },
            "pre_tokenizer": { "type": "BertPreTokenizer" },
            "post_processor": {
                "type": "TemplateProcessing", "single": single, "pair": pair,
                "special_tokens": {
                    "[CLS]": { "id": "[CLS]", "ids": [2], "tokens": ["[CLS]"] },
                    "[SEP]": { "id": "[SEP]", "ids": [3], "tokens": ["[SEP]"] },
                },
            },
            "decoder": { "type": "WordPiece", "prefix": "##", "cleanup": true },
            "model": {
                "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                "max_input_chars_per_word": 100, "vocab": vocabulary,
            },
        })
    }
}

impl Layer {
    fn run(&self, words: &[Vec<f32>]) -> Vec<Vec<f32>> {
        let of = |dense: &Dense| words.iter().map(|word| dense.of(word)).collect::<Vec<_>>();
        let (queries, keys, values) = (of(&self.query), of(&self.key), of(&self.value));
        let size = WIDTH / HEADS;
        let mut run = Vec::new();
        for (word, query) in words.iter().zip(&queries) {
            let mut attended = vec![0.0; WIDTH];
            for head in (0..HEADS).map(|head| head * size..(head + 1) * size) {
                let alike = keys.iter().map(|key| {
                    let alike = dot(&query[head.clone()], &key[head.clone()]);
                    (alike / (size as f32).sqrt()).exp()
                });
                let alike: Vec<f32> = alike.collect();
                let sum: f32 = alike.iter().sum();
                for (alike, value) in alike.iter().zip(&values) {
                    for place in head.clone() {
                        attended[place] += alike / sum * value[place];
                    }
                }
            }
            let mut vector = self.joined.of(&attended);
            add(&mut vector, word);
            let vector = self.after_attention.of(&vector);
            let inner: Vec<f32> = self.inner.of(&vector).into_iter().map(gelu).collect();
            let mut outer = self.outer.of(&inner);
            add(&mut outer, &vector);
            run.push(self.after_inner.of(&outer));
        }
        run
    }

    fn node(&self, graph: &mut Graph, words: &str, mask: &str) -> String {
        let size = WIDTH / HEADS;
        let apart = graph.integers(&[4], &[0, 0, HEADS as i64, size as i64]);
        let together = graph.integers(&[3], &[0, 0, WIDTH as i64]);
        let mut heads = |dense: &Dense, order: &[i64]| {
            let vectors = dense.node(graph, words);
            let vectors = graph.node("Reshape", &[&vectors, &apart], &[]);
            graph.transpose(&vectors, order)
        };
        let queries = heads(&self.query, &[0, 2, 1, 3]);
        let keys = heads(&self.key, &[0, 2, 3, 1]);
        let values = heads(&self.value, &[0, 2, 1, 3]);
        let alike = graph.node("MatMul", &[&queries, &keys], &[]);
        let scale = graph.floats(&[], &[1.0 / (size as f32).sqrt()]);
        let alike = graph.node("Mul", &[&alike, &scale], &[]);
        let alike = graph.node("Add", &[&alike, mask], &[]);
        let alike = graph.node("Softmax", &[&alike], &[("axis", -1)]);
        let attended = graph.node("MatMul", &[&alike, &values], &[]);
        let attended = graph.transpose(&attended, &[0, 2, 1, 3]);
        let attended = graph.node("Reshape", &[&attended, &together], &[]);
        let attended = self.joined.node(graph, &attended);
        let sum = graph.node("Add", &[&attended, words], &[]);
        let words = self.after_attention.node(graph, &sum);

        let inner = self.inner.node(graph, &words);
        let root = graph.floats(&[], &[2.0_f32.sqrt()]);
        let (half, one) = (graph.floats(&[], &[0.5]), graph.floats(&[], &[1.0]));
        let bent = graph.node("Div", &[&inner, &root], &[]);
        let bent = graph.node("Erf", &[&bent], &[]);
        let bent = graph.node("Add", &[&bent, &one], &[]);
        let inner = graph.node("Mul", &[&inner, &half], &[]);
        let inner = graph.node("Mul", &[&inner, &bent], &[]);
        let outer = self.outer.node(graph, &inner);
        let sum = graph.node("Add", &[&outer, &words], &[]);
        self.after_inner.node(graph, &sum)
    }
}

impl Dense {
    fn of(&self, vector: &[f32]) -> Vec<f32> {
        let mut sum = self.bias.clone();
        for (row, component) in vector.iter().enumerate() {
            for (sum, weight) in sum.iter_mut().zip(self.weight.row(row)) {
                *sum += component * weight;
            }
        }
        sum
    }

    fn node(&self, graph: &mut Graph, vectors: &str) -> String {
        let weight = self.weight.constant(graph);
        let bias = graph.floats(&[self.bias.len()], &self.bias);
        let product = graph.node("MatMul", &[vectors, &weight], &[]);
        graph.node("Add", &[&product, &bias], &[])
    }
}

impl Norm {
    fn of(&self, vector: &[f32]) -> Vec<f32> {
        let count = vector.len() as f32;
        let mean = vector.iter().sum::<f32>() / count;
        let variance = vector.iter().map(|c| (c - mean).powi(2)).sum::<f32>() / count;
        let parts = vector.iter().zip(&self.scale).zip(&self.shift);
        parts
            .map(|((c, scale), shift)| (c - mean) / (variance + EPSILON).sqrt() * scale + shift)
            .collect()
    }

    /// In basic operators, which every runtime knows.
    fn node(&self, graph: &mut Graph, vectors: &str) -> String {
        let mean = graph.mean(vectors);
        let apart = graph.node("Sub", &[vectors, &mean], &[]);
        let square = graph.node("Mul", &[&apart, &apart], &[]);
        let variance = graph.mean(&square);
        let epsilon = graph.floats(&[], &[EPSILON]);
        let variance = graph.node("Add", &[&variance, &epsilon], &[]);
        let deviation = graph.node("Sqrt", &[&variance], &[]);
        let normal = graph.node("Div", &[&apart, &deviation], &[]);
        let scale = graph.floats(&[WIDTH], &self.scale);
        let shift = graph.floats(&[WIDTH], &self.shift);
        let scaled = graph.node("Mul", &[&normal, &scale], &[]);
        graph.node("Add", &[&scaled, &shift], &[])
    }
}

impl Matrix {
    fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.columns..][..self.columns]
    }

    fn constant(&self, graph: &mut Graph) -> String {
        graph.floats(&[self.rows, self.columns], &self.values)
    }
}

/// Always the same numbers for a seed.
struct Random(u64);

impl Random {
    fn number(&mut self) -> f32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 40) as f32 / (1 << 23) as f32 - 1.0
    }

    fn numbers(&mut self, count: usize, scale: f32) -> Vec<f32> {
        (0..count).map(|_| self.number() * scale).collect()
    }

    fn matrix(&mut self, rows: usize, columns: usize) -> Matrix {
        let values = self.numbers(rows * columns, 0.4);
        Matrix {
            rows,
            columns,
            values,
        }
    }

    fn dense(&mut self, from: usize, to: usize) -> Dense {
        Dense {
            weight: self.matrix(from, to),
            bias: self.numbers(to, 0.1),
        }
    }

    fn norm(&mut self) -> Norm {
        let scale = self.numbers(WIDTH, 0.2);
        Norm {
            scale: scale.iter().map(|number| 1.0 + number).collect(),
            shift: self.numbers(WIDTH, 0.1),
        }
    }
}

fn vocabulary() -> Vec<String> {
    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map(str::to_owned);
    let letters = ('a'..='z').chain('0'..='9');
    let letters = letters.flat_map(|letter| [letter.to_string(), format!("##{letter}")]);
    let words = WORDS.split_whitespace().filter(|word| word.len() > 1);
    let marks = [".", ",", "?", "!", "'", "-", "$"].map(str::to_owned);
    let all = special.into_iter().chain(letters).chain(marks);
    all.chain(words.map(str::to_owned)).collect()
}

fn add(to: &mut [f32], from: &[f32]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += from;
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn gelu(x: f32) -> f32 {
    let x = f64::from(x);
    (0.5 * x * (1.0 + erf(x / 2.0_f64.sqrt()))) as f32
}

/// Its power series, which is exact enough for the small numbers here.
fn erf(x: f64) -> f64 {
    let mut term = x;
    let mut sum = x;
    for n in 1..200 {
        let n = f64::from(n);
        term *= -x * x / n;
        sum += term / (2.0 * n + 1.0);
    }
    sum * 2.0 / std::f64::consts::PI.sqrt()
}
