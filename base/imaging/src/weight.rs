//! Cost estimate of a drawing with all references expanded.
//!
//! A small drawing with nested references (`<use>`) can expand exponentially. Before rendering, its elements are
//! counted as if expanded, and a drawing that exceeds the limit or contains a cycle is refused.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

/// Maximum weight of an expanded drawing: an element weighs 1, plus 1 per [`BYTES`] of attributes.
const MAX: u64 = 10_000;
/// Maximum weight if lines are dashed, since each can expand to a million strokes.
const MAX_DASHED: u64 = 100;
/// Bytes of attributes that add a weight of 1.
const BYTES: usize = 256;
/// Weight of a filter step, which visits every pixel.
const FILTER_STEP: u64 = 100;
/// Maximum total size of style sheets, in bytes: each rule is matched against each element.
const MAX_STYLE: usize = 16 << 10;
/// Maximum nesting depth of elements and references.
const MAX_DEPTH: usize = 200;

/// Whether a drawing can be rendered in reasonable time.
pub(crate) fn is_within_limits(document: &Document<'_>) -> bool {
    let named = document
        .descendants()
        .filter_map(|node| Some((node.attribute("id")?, node)));
    let is_dashed = document.input_text().contains("dasharray");
    let mut estimator = CostEstimator {
        named: named.collect(),
        costs: HashMap::new(),
        max: if is_dashed { MAX_DASHED } else { MAX },
    };
    let styles = document.descendants().filter(|node| node.tag_name().name() == "style");
    let texts: Vec<&str> = styles
        .flat_map(|node| node.children())
        .filter_map(|node| node.text())
        .collect();
    // References in style sheets are not counted, so they are not allowed.
    let is_plain = texts.iter().map(|text| text.len()).sum::<usize>() <= MAX_STYLE
        && !texts.iter().any(|text| text.contains("url("));
    is_plain && estimator.cost(document.root_element(), 0).is_some()
}

struct CostEstimator<'a, 'input> {
    named: HashMap<&'a str, Node<'a, 'input>>,
    /// Weights of elements; `None` while an element is being weighed, which detects cycles.
    costs: HashMap<NodeId, Option<u64>>,
    max: u64,
}

impl<'a, 'input> CostEstimator<'a, 'input> {
    fn cost(&mut self, node: Node<'a, 'input>, depth: usize) -> Option<u64> {
        if let Some(weight) = self.costs.get(&node.id()) {
            return *weight;
        }
        if depth > MAX_DEPTH {
            return None;
        }
        self.costs.insert(node.id(), None);
        let bytes: usize = node.attributes().map(|attribute| attribute.value().len()).sum();
        let filters = if node.tag_name().name().starts_with("fe") {
            FILTER_STEP
        } else {
            0
        };
        let mut weight = 1 + (bytes / BYTES) as u64 + filters;
        for id in node.attributes().flat_map(|attribute| references(attribute.value())) {
            if let Some(target) = self.named.get(id).copied() {
                weight += self.cost(target, depth + 1)?;
            }
        }
        for child in node.children().filter(Node::is_element) {
            weight += self.cost(child, depth + 1)?;
        }
        if weight > self.max {
            return None;
        }
        self.costs.insert(node.id(), Some(weight));
        Some(weight)
    }
}

/// The ids that an attribute references: `#a`, `url(#a)`, possibly several in a style.
fn references(value: &str) -> impl Iterator<Item = &str> {
    value.split('#').skip(1).map(|rest| {
        let end = rest.find([')', '"', '\'', ' ', ';']).unwrap_or(rest.len());
        &rest[..end]
    })
}
