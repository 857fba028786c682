//! Writes a graph of operators as ONNX, which is protobuf.

/// The set of operators that is used, and the version of the file's format.
const OPERATORS: u64 = 14;
const FORMAT: u64 = 8;

/// Numbers of ONNX for the types of tensors and attributes.
const FLOATS: u64 = 1;
const INTEGERS: u64 = 7;
const INTEGER: u64 = 2;
const LIST_OF_INTEGERS: u64 = 7;

/// A graph that grows node by node; everything in it is known by its name.
#[derive(Debug, Default)]
pub(super) struct Graph {
    nodes: Message,
    constants: Message,
    inputs: Message,
    outputs: Message,
    names: usize,
}

impl Graph {
    pub(super) fn input(&mut self, name: &str, shape: &[&str]) {
        self.inputs.message(11, &value(name, INTEGERS, shape));
    }

    pub(super) fn output(&mut self, of: &str, name: &str, shape: &[&str]) {
        self.add("Identity", &[of], name, &Message::default());
        self.outputs.message(12, &value(name, FLOATS, shape));
    }

    /// Adds an operator with integers as attributes; returns the name of what it makes.
    pub(super) fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        attributes: &[(&str, i64)],
    ) -> String {
        let mut written = Message::default();
        for (name, value) in attributes {
            let mut attribute = Message::default();
            attribute.text(1, name);
            attribute.number(3, value.cast_unsigned());
            attribute.number(20, INTEGER);
            written.message(5, &attribute);
        }
        let name = self.name();
        self.add(operator, inputs, &name, &written);
        name
    }

    pub(super) fn transpose(&mut self, tensor: &str, order: &[i64]) -> String {
        self.listed("Transpose", tensor, "perm", order)
    }

    /// The mean over the last dimension, which stays.
    pub(super) fn mean(&mut self, tensor: &str) -> String {
        self.listed("ReduceMean", tensor, "axes", &[-1])
    }

    pub(super) fn floats(&mut self, shape: &[usize], values: &[f32]) -> String {
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        self.constant(shape, FLOATS, &bytes)
    }

    pub(super) fn integers(&mut self, shape: &[usize], values: &[i64]) -> String {
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        self.constant(shape, INTEGERS, &bytes)
    }

    pub(super) fn encode(self) -> Vec<u8> {
        let mut graph = self.nodes;
        graph.text(2, "tiny");
        for part in [self.constants, self.inputs, self.outputs] {
            graph.0.extend(part.0);
        }
        let mut operators = Message::default();
        operators.text(1, "");
        operators.number(2, OPERATORS);
        let mut model = Message::default();
        model.number(1, FORMAT);
        model.message(8, &operators);
        model.message(7, &graph);
        model.0
    }

    fn listed(&mut self, operator: &str, tensor: &str, list: &str, values: &[i64]) -> String {
        let mut attribute = Message::default();
        attribute.text(1, list);
        for value in values {
            attribute.number(8, value.cast_unsigned());
        }
        attribute.number(20, LIST_OF_INTEGERS);
        let mut attributes = Message::default();
        attributes.message(5, &attribute);
        let name = self.name();
        self.add(operator, &[tensor], &name, &attributes);
        name
    }

    fn add(&mut self, operator: &str, inputs: &[&str], output: &str, attributes: &Message) {
        let mut node = Message::default();
        for input in inputs {
            node.text(1, input);
        }
        node.text(2, output);
        node.text(4, operator);
        node.0.extend(&attributes.0);
        self.nodes.message(1, &node);
    }

    fn constant(&mut self, shape: &[usize], kind: u64, bytes: &[u8]) -> String {
        let mut tensor = Message::default();
        for length in shape {
            tensor.number(1, *length as u64);
        }
        tensor.number(2, kind);
        let name = self.name();
        tensor.text(8, &name);
        tensor.bytes(9, bytes);
        self.constants.message(5, &tensor);
        name
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("n{}", self.names)
    }
}

/// The name, type and shape of an input or output; a length in the shape is a name too.
fn value(name: &str, kind: u64, shape: &[&str]) -> Message {
    let mut lengths = Message::default();
    for length in shape {
        let mut dimension = Message::default();
        dimension.text(2, length);
        lengths.message(1, &dimension);
    }
    let mut tensor = Message::default();
    tensor.number(1, kind);
    tensor.message(2, &lengths);
    let mut kind = Message::default();
    kind.message(1, &tensor);
    let mut value = Message::default();
    value.text(1, name);
    value.message(2, &kind);
    value
}

/// A protobuf message as it is written.
#[derive(Debug, Default)]
struct Message(Vec<u8>);

impl Message {
    fn number(&mut self, field: u64, number: u64) {
        self.varint(field << 3);
        self.varint(number);
    }

    fn bytes(&mut self, field: u64, bytes: &[u8]) {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
    }

    fn text(&mut self, field: u64, text: &str) {
        self.bytes(field, text.as_bytes());
    }

    fn message(&mut self, field: u64, message: &Message) {
        self.bytes(field, &message.0);
    }

    fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }
}
