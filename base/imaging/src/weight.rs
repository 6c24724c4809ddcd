//! How much there is to draw once every reference of a drawing is followed.
//!
//! A drawing of a hundred lines can say "ten of that" ten times over, and mean more than a machine can hold. So before it is
//! rendered its elements are counted as they would unfold, and one that unfolds too far, or into itself, is refused.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

/// The most elements that a drawing may unfold into.
const MOST: u64 = 200_000;
/// How deep elements and references may lie in one another.
const DEEPEST: usize = 200;

/// Whether a drawing can be rendered in reasonable time.
pub(crate) fn is_bearable(document: &Document<'_>) -> bool {
    let named = document
        .descendants()
        .filter_map(|node| Some((node.attribute("id")?, node)));
    let mut scale = Scale {
        named: named.collect(),
        weighed: HashMap::new(),
    };
    // What a style sheet refers to is not followed here, so none may refer to anything.
    let styled = |node: &Node<'_, '_>| {
        node.tag_name().name() == "style" && node.text().is_some_and(|text| text.contains("url("))
    };
    !document.descendants().any(|node| styled(&node)) && scale.weigh(document.root_element(), 0).is_some()
}

struct Scale<'a, 'input> {
    named: HashMap<&'a str, Node<'a, 'input>>,
    /// What elements weigh; none for those that are being weighed, which must not be met again.
    weighed: HashMap<NodeId, Option<u64>>,
}

impl<'a, 'input> Scale<'a, 'input> {
    fn weigh(&mut self, node: Node<'a, 'input>, depth: usize) -> Option<u64> {
        if let Some(weight) = self.weighed.get(&node.id()) {
            return *weight;
        }
        if depth > DEEPEST {
            return None;
        }
        self.weighed.insert(node.id(), None);
        let mut weight = 1_u64;
        for id in node.attributes().flat_map(|attribute| references(attribute.value())) {
            if let Some(target) = self.named.get(id).copied() {
                weight += self.weigh(target, depth + 1)?;
            }
        }
        for child in node.children().filter(Node::is_element) {
            weight += self.weigh(child, depth + 1)?;
        }
        if weight > MOST {
            return None;
        }
        self.weighed.insert(node.id(), Some(weight));
        Some(weight)
    }
}

/// The ids that an attribute refers to: `#a`, `url(#a)`, and several of them in a style.
fn references(value: &str) -> impl Iterator<Item = &str> {
    value.split('#').skip(1).map(|rest| {
        let end = rest.find([')', '"', '\'', ' ', ';']).unwrap_or(rest.len());
        &rest[..end]
    })
}
