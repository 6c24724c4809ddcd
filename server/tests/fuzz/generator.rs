//! Random values: arbitrary ones and plausible ones.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

/// Random generator with a fixed seed.
pub(crate) struct Generator {
    runner: TestRunner,
    tree: BoxedStrategy<Value>,
    /// Ids of the transactions created so far.
    transactions: Vec<String>,
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        Self {
            runner: TestRunner::new_with_rng(Config::default(), rng),
            tree: tree().boxed(),
            transactions: Vec::new(),
        }
    }

    pub(crate) fn of<T: std::fmt::Debug>(&mut self, strategy: impl Strategy<Value = T>) -> T {
        strategy.new_tree(&mut self.runner).expect("a value").current()
    }

    pub(crate) fn percent(&mut self, share: u32) -> bool {
        self.of(0..100_u32) < share
    }

    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let at = self.of(0..of.len());
        &of[at]
    }

    /// Stores the id of a transaction if the reply shows a pending one.
    pub(crate) fn record_transactions(&mut self, reply: &Value) {
        if let (Some(id), Some("pending")) = (reply["$id"].as_str(), reply["status"].as_str()) {
            self.transactions.push(id.to_owned());
        }
    }

    /// The id of one of the last five transactions, which are probably still open.
    pub(crate) fn known_transaction(&mut self) -> Option<String> {
        let last = self.transactions.len().checked_sub(1)?;
        let back = self.of(0..5_usize);
        Some(self.transactions[last.saturating_sub(back)].clone())
    }

    /// Any JSON.
    pub(crate) fn tree(&mut self) -> Value {
        let tree = self.tree.clone();
        self.of(tree)
    }

    pub(crate) fn text(&mut self) -> String {
        match self.of(0..4) {
            0 => self.of(any::<String>()),
            1 => self.of("\\PC{0,40}"),
            2 => "long ".repeat(self.of(1..2000_usize)),
            _ => (*self.pick(&[
                "",
                "\0",
                "a\0b",
                "'",
                "\"; DROP TABLE things; --",
                "%",
                "../..",
                "$id",
                "unique()",
                "null",
            ]))
            .to_owned(),
        }
    }
}

/// JSON of any shape.
fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        any::<String>().prop_map(Value::from),
        proptest::sample::select(vec![
            "a\0b",
            "2024-02-30",
            "9999-12-31T23:59:59.999-14:00",
            "NaN",
            "1e999",
            "{}",
            "[]"
        ])
        .prop_map(Value::from),
        Just(json!({"method": "increment", "values": [1]})),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec(("[$a-z]{0,8}", inner), 0..4).prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}
