//! Columns: two endpoints for each type, and those of all types.

use api::Endpoint;

use super::names::{TABLE, event, table};
use crate::columns::types::{self, ColumnType};
use crate::{State, Vocabulary, columns, relationships};

pub(super) fn routes<W: Vocabulary>() -> Vec<Endpoint<State>> {
    let mut all = of_all_types::<W>();
    all.extend(
        [
            of_type::<W, types::Booleans>("boolean"),
            of_type::<W, types::Datetimes>("datetime"),
            of_type::<W, types::Emails>("email"),
            of_type::<W, types::Enums>("enum"),
            of_type::<W, types::Floats>("float"),
            of_type::<W, types::Integers>("integer"),
            of_type::<W, types::Ips>("ip"),
            of_type::<W, types::Lines>("line"),
            of_type::<W, types::Longtexts>("longtext"),
            of_type::<W, types::Mediumtexts>("mediumtext"),
            of_type::<W, types::Points>("point"),
            of_type::<W, types::Polygons>("polygon"),
            of_type::<W, types::Strings>("string"),
            of_type::<W, types::Texts>("text"),
            of_type::<W, types::Urls>("url"),
            of_type::<W, types::Varchars>("varchar"),
        ]
        .into_iter()
        .flatten(),
    );
    all
}

/// The endpoints that create and update columns of a type, which is named in lower case: `boolean`.
fn of_type<W: Vocabulary, T: ColumnType>(name: &str) -> [Endpoint<State>; 2] {
    let capitalized = name[..1].to_ascii_uppercase() + &name[1..];
    let text =
        |template: &str| -> &'static str { W::text(&template.replace("<type>", name).replace("<Type>", &capitalized)) };
    [
        Endpoint::post(text(table!("/<columns>/<type>")), columns::create::<W, T>)
            .id(text("<sdk>.create<Type><Column>"))
            .about(text("Create <a column> of type <type>."))
            .scopes(W::TABLES_WRITE)
            .emits(event!("<columns>.[<column>Id].create"))
            .audit("<column>.create", TABLE),
        Endpoint::patch(text(table!("/<columns>/<type>/{key}")), columns::update::<W, T>)
            .id(text("<sdk>.update<Type><Column>"))
            .about(text("Update <a column> of type <type>."))
            .scopes(W::TABLES_WRITE)
            .emits(event!("<columns>.[<column>Id].update"))
            .audit("<column>.update", TABLE),
    ]
}

fn of_all_types<W: Vocabulary>() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get(table!("/<columns>"), columns::list::<W>)
            .id("<sdk>.list<Columns>")
            .about("List the <columns> of a <table>.")
            .scopes(W::TABLES_READ),
        Endpoint::get(table!("/<columns>/{key}"), columns::get::<W>)
            .id("<sdk>.get<Column>")
            .about("Get <a column>.")
            .scopes(W::TABLES_READ),
        Endpoint::delete(table!("/<columns>/{key}"), columns::delete::<W>)
            .id("<sdk>.delete<Column>")
            .about("Delete <a column> and its values.")
            .scopes(W::TABLES_WRITE)
            .emits(event!("<columns>.[<column>Id].update"))
            .audit("<column>.delete", TABLE),
        Endpoint::post(table!("/<columns>/relationship"), relationships::create::<W>)
            .id("<sdk>.createRelationship<Column>")
            .about("Create a relationship <column>, whose values are <rows> of another <table>.")
            .scopes(W::TABLES_WRITE)
            .emits(event!("<columns>.[<column>Id].create"))
            .audit("<column>.create", TABLE),
        Endpoint::patch(table!("/<columns>/{key}/relationship"), relationships::update::<W>)
            .id("<sdk>.updateRelationship<Column>")
            .about("Update a relationship <column>, on both sides.")
            .scopes(W::TABLES_WRITE)
            .alias(table!("/<columns>/relationship/{key}"))
            .emits(event!("<columns>.[<column>Id].update"))
            .audit("<column>.update", TABLE),
    ]
}
