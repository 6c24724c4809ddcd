//! Random acts on related rows, compared with a simple model: a set of pairs.

use std::collections::BTreeSet;

use db::testing::on_both;
use records::columns::{OnDelete, RelationKind};
use records::{Access, Error, RowError, Vocabulary, relations};
use serde_json::{Value, json};

use crate::common;
use crate::common::world::{Relation, World, row_id, table_id};

const SERVER: Access = Access::Server;
const ROWS: u64 = 5;
const ACTS: usize = 25;

/// Prefix of IDs and column of each side: left is the parent's side, right the child's.
const SIDES: [(&str, &str); 2] = [("left", "rights"), ("right", "lefts")];

struct Model {
    /// The names of both tables.
    tables: [String; 2],
    kind: RelationKind,
    on_delete: OnDelete,
    rows: [BTreeSet<String>; 2],
    pairs: BTreeSet<[String; 2]>,
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Done,
    Taken,
    Restricted,
    Missing,
}

impl Model {
    /// Whether a row of this side has many related rows.
    fn is_many(&self, side: usize) -> bool {
        use RelationKind::{ManyToMany, ManyToOne, OneToMany};
        match side {
            0 => matches!(self.kind, OneToMany | ManyToMany),
            _ => matches!(self.kind, ManyToOne | ManyToMany),
        }
    }

    fn of(&self, side: usize, id: &str) -> BTreeSet<String> {
        let pairs = self.pairs.iter().filter(|pair| pair[side] == id);
        pairs.map(|pair| pair[1 - side].clone()).collect()
    }

    fn set(&mut self, side: usize, id: &str, others: &[String]) -> Outcome {
        let others: Vec<&String> = others
            .iter()
            .filter(|other| self.rows[1 - side].contains(*other))
            .collect();
        let taken = |other: &&String| {
            self.pairs
                .iter()
                .any(|pair| pair[1 - side] == **other && pair[side] != id)
        };
        if self.kind == RelationKind::OneToOne && others.iter().any(taken) {
            return Outcome::Taken;
        }
        let far_is_one = !self.is_many(1 - side);
        self.pairs
            .retain(|pair| pair[side] != id && !(far_is_one && others.contains(&&pair[1 - side])));
        for other in others {
            let mut pair = [id.to_owned(), other.clone()];
            if side == 1 {
                pair.reverse();
            }
            self.pairs.insert(pair);
        }
        Outcome::Done
    }

    fn create(&mut self, side: usize, id: &str, others: &[String]) -> Outcome {
        if !self.rows[side].insert(id.to_owned()) {
            return Outcome::Taken;
        }
        let outcome = self.set(side, id, others);
        if outcome != Outcome::Done {
            self.rows[side].remove(id);
        }
        outcome
    }

    fn update(&mut self, side: usize, id: &str, others: &[String]) -> Outcome {
        if !self.rows[side].contains(id) {
            return Outcome::Missing;
        }
        self.set(side, id, others)
    }

    fn delete(&mut self, side: usize, id: &str) -> Outcome {
        if !self.rows[side].contains(id) {
            return Outcome::Missing;
        }
        let related = self.of(side, id);
        let owns = (side == 0) != (self.kind == RelationKind::ManyToOne);
        let together = self.kind == RelationKind::OneToOne;
        match self.on_delete {
            OnDelete::Restrict if owns && !related.is_empty() => return Outcome::Restricted,
            OnDelete::Cascade if owns || together => {
                self.rows[1 - side].retain(|other| !related.contains(other));
                self.pairs.retain(|pair| !related.contains(&pair[1 - side]));
            }
            _ => {}
        }
        self.rows[side].remove(id);
        self.pairs.retain(|pair| pair[side] != id);
        Outcome::Done
    }
}

/// Contents of the tables, read from both sides.
async fn seen(world: &World, model: &Model) -> Vec<(usize, String, BTreeSet<String>)> {
    let rows: Vec<(usize, String)> = [0, 1]
        .into_iter()
        .flat_map(|side| (0..ROWS).map(move |number| (side, format!("{}{number}", SIDES[side].0))))
        .collect();
    let exists = |side: usize, id: &str| model.rows[side].contains(id);
    let tables = model.tables.clone();
    let expected: Vec<bool> = rows.iter().map(|(side, id)| exists(*side, id)).collect();
    world
        .act(move |tx, world| {
            let mut seen = Vec::new();
            for ((side, id), expected) in rows.into_iter().zip(expected) {
                let key = SIDES[side].1;
                let table = world.catalog.table(tx, &world.database, &table_id(&tables[side]))?;
                let (id_of, all) = (row_id(&id), format!("{key}.*"));
                match relations::get(tx, &table, &SERVER, &id_of, &[&all], Vocabulary::Tables) {
                    Ok(json) => {
                        let row: Value = serde_json::from_slice(&json).expect("JSON");
                        let related = match &row[key] {
                            Value::Array(rows) => rows.clone(),
                            Value::Null => vec![],
                            row => vec![row.clone()],
                        };
                        let ids = related.iter().filter_map(|row| row["$id"].as_str()).map(str::to_owned);
                        seen.push((side, id, ids.collect()));
                    }
                    Err(Error::Row(RowError::NotFound)) => assert!(!expected, "{id} is gone"),
                    Err(error) => return Err(error),
                }
            }
            Ok(seen)
        })
        .await
        .expect("read")
}

/// A reproducible generator of random numbers (xorshift).
struct Rng(u64);

impl Rng {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

#[tokio::test]
async fn relationships_match_a_model_of_pairs() {
    on_both(common::migrations(), async |fixture| {
        let mut rng = Rng(0x9e37_79b9_7f4a_7c15);
        let kinds = RelationKind::ALL.iter();
        let all: Vec<_> = kinds
            .flat_map(|kind| OnDelete::ALL.iter().map(move |rule| (kind, rule)))
            .collect();
        let names: Vec<[String; 2]> = (0..all.len())
            .map(|n| [format!("left{n}"), format!("right{n}")])
            .collect();
        let world = World::open(fixture, &names.iter().flatten().map(String::as_str).collect::<Vec<_>>()).await;
        for ((kind, on_delete), tables) in all.into_iter().zip(names) {
            let relation = Relation {
                from: &tables[0],
                key: "rights",
                to: &tables[1],
                back: "lefts",
                kind: *kind,
                two_way: true,
                on_delete: *on_delete,
            };
            world.relate(relation).await.expect("related");
            let mut model = Model {
                tables,
                kind: *kind,
                on_delete: *on_delete,
                rows: [BTreeSet::new(), BTreeSet::new()],
                pairs: BTreeSet::new(),
            };
            let mut story = Vec::new();
            for _ in 0..ACTS {
                let side = usize::try_from(rng.below(2)).expect("small");
                let (begin, key) = SIDES[side];
                let table = model.tables[side].clone();
                let id = format!("{begin}{}", rng.below(ROWS));
                let most = if model.is_many(side) { 4 } else { 2 };
                let mut other = || format!("{}{}", SIDES[1 - side].0, rng.below(ROWS));
                let mut others: Vec<String> = (1..most).map(|_| other()).collect();
                others.truncate(usize::try_from(rng.below(most)).expect("small"));
                let value = if model.is_many(side) {
                    json!(others)
                } else {
                    json!(others.first())
                };
                let (act, expected, outcome) = match rng.below(5) {
                    0 => (
                        "delete",
                        model.delete(side, &id),
                        world.delete(&SERVER, &table, &id).await,
                    ),
                    1 | 2 => (
                        "create",
                        model.create(side, &id, &others),
                        world
                            .create(&SERVER, &table, &id, json!({(key): value}))
                            .await
                            .map(drop),
                    ),
                    _ => (
                        "update",
                        model.update(side, &id, &others),
                        world
                            .update(&SERVER, &table, &id, json!({(key): value}))
                            .await
                            .map(drop),
                    ),
                };
                story.push(format!("{act} {id} {value}"));
                let outcome = match outcome {
                    Ok(()) => Outcome::Done,
                    Err(Error::Row(RowError::Exists)) => Outcome::Taken,
                    Err(Error::Row(RowError::NotFound)) => Outcome::Missing,
                    Err(Error::Row(RowError::DeleteRestricted)) => Outcome::Restricted,
                    Err(error) => panic!("{kind} {on_delete} {error:?} {story:#?}"),
                };
                assert_eq!(outcome, expected, "{kind} {on_delete} {story:#?}");
                let rows = [0, 1].into_iter().flat_map(|side| {
                    let model = &model;
                    model.rows[side]
                        .iter()
                        .map(move |id| (side, id.clone(), model.of(side, id)))
                });
                let expected: Vec<_> = rows.collect();
                assert_eq!(seen(&world, &model).await, expected, "{kind} {on_delete} {story:#?}");
            }
        }
        world.drop(fixture).await;
    })
    .await;
}
