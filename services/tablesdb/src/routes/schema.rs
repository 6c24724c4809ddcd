//! The operations on databases, tables, columns and indexes.

use api::Endpoint;
use kernel::Scope::{
    CollectionsRead, CollectionsWrite, DatabasesRead, DatabasesWrite, DocumentsRead, RowsRead, TablesRead, TablesWrite,
};
use tables_api::columns::types;
use tables_api::{State, Tables, columns, databases, indexes, logs, relationships, tables, usage};

#[rustfmt::skip]
pub(crate) fn routes() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/tablesdb", databases::list::<Tables>).id("tablesDB.list").about("The databases of the project.").scope(DatabasesRead),
        Endpoint::post("/v1/tablesdb", databases::create::<Tables>).id("tablesDB.create").about("Make a database.")
            .scope(DatabasesWrite).emits("databases.[databaseId].create").audit("database.create", "database"),
        Endpoint::get("/v1/tablesdb/{databaseId}", databases::get::<Tables>).id("tablesDB.get").about("A database.").scope(DatabasesRead),
        Endpoint::put("/v1/tablesdb/{databaseId}", databases::update::<Tables>).id("tablesDB.update").about("Change a database.")
            .scope(DatabasesWrite).emits("databases.[databaseId].update").audit("database.update", "database"),
        Endpoint::delete("/v1/tablesdb/{databaseId}", databases::delete::<Tables>).id("tablesDB.delete").about("Delete a database and everything in it.")
            .scope(DatabasesWrite).emits("databases.[databaseId].delete").audit("database.delete", "database"),
        Endpoint::get("/v1/tablesdb/{databaseId}/tables", tables::list::<Tables>).id("tablesDB.listTables").about("The tables of a database.").scope(TablesRead).scope(CollectionsRead),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables", tables::create::<Tables>).id("tablesDB.createTable").about("Make a table without columns.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].create").audit("table.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}", tables::get::<Tables>).id("tablesDB.getTable").about("A table.").scope(TablesRead).scope(CollectionsRead),
        Endpoint::put("/v1/tablesdb/{databaseId}/tables/{tableId}", tables::update::<Tables>).id("tablesDB.updateTable").about("Change a table.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].update").audit("table.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::delete("/v1/tablesdb/{databaseId}/tables/{tableId}", tables::delete::<Tables>).id("tablesDB.deleteTable").about("Delete a table and everything in it.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].delete").audit("table.delete", "database/[databaseId]/table/[tableId]"),
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}/columns", columns::list::<Tables>).id("tablesDB.listColumns").about("The columns of a table.").scope(TablesRead).scope(CollectionsRead),
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/{key}", columns::get::<Tables>).id("tablesDB.getColumn").about("A column.").scope(TablesRead).scope(CollectionsRead),
        Endpoint::delete("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/{key}", columns::delete::<Tables>).id("tablesDB.deleteColumn").about("Delete a column and its values.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.delete", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/boolean", columns::create::<Tables, types::Booleans>).id("tablesDB.createBooleanColumn").about("Make a column: true or false.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/boolean/{key}", columns::update::<Tables, types::Booleans>).id("tablesDB.updateBooleanColumn").about("Change a column: true or false.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/datetime", columns::create::<Tables, types::Datetimes>).id("tablesDB.createDatetimeColumn").about("Make a column: instants.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/datetime/{key}", columns::update::<Tables, types::Datetimes>).id("tablesDB.updateDatetimeColumn").about("Change a column: instants.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/email", columns::create::<Tables, types::Emails>).id("tablesDB.createEmailColumn").about("Make a column: e-mail addresses.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/email/{key}", columns::update::<Tables, types::Emails>).id("tablesDB.updateEmailColumn").about("Change a column: e-mail addresses.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/enum", columns::create::<Tables, types::Enums>).id("tablesDB.createEnumColumn").about("Make a column: one of some texts.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/enum/{key}", columns::update::<Tables, types::Enums>).id("tablesDB.updateEnumColumn").about("Change a column: one of some texts.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/float", columns::create::<Tables, types::Floats>).id("tablesDB.createFloatColumn").about("Make a column: numbers.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/float/{key}", columns::update::<Tables, types::Floats>).id("tablesDB.updateFloatColumn").about("Change a column: numbers.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/integer", columns::create::<Tables, types::Integers>).id("tablesDB.createIntegerColumn").about("Make a column: whole numbers.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/integer/{key}", columns::update::<Tables, types::Integers>).id("tablesDB.updateIntegerColumn").about("Change a column: whole numbers.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/ip", columns::create::<Tables, types::Ips>).id("tablesDB.createIpColumn").about("Make a column: IP addresses.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/ip/{key}", columns::update::<Tables, types::Ips>).id("tablesDB.updateIpColumn").about("Change a column: IP addresses.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/line", columns::create::<Tables, types::Lines>).id("tablesDB.createLineColumn").about("Make a column: lines.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/line/{key}", columns::update::<Tables, types::Lines>).id("tablesDB.updateLineColumn").about("Change a column: lines.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/longtext", columns::create::<Tables, types::Longtexts>).id("tablesDB.createLongtextColumn").about("Make a column: long texts.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/longtext/{key}", columns::update::<Tables, types::Longtexts>).id("tablesDB.updateLongtextColumn").about("Change a column: long texts.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/mediumtext", columns::create::<Tables, types::Mediumtexts>).id("tablesDB.createMediumtextColumn").about("Make a column: medium texts.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/mediumtext/{key}", columns::update::<Tables, types::Mediumtexts>).id("tablesDB.updateMediumtextColumn").about("Change a column: medium texts.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/point", columns::create::<Tables, types::Points>).id("tablesDB.createPointColumn").about("Make a column: places.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/point/{key}", columns::update::<Tables, types::Points>).id("tablesDB.updatePointColumn").about("Change a column: places.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/polygon", columns::create::<Tables, types::Polygons>).id("tablesDB.createPolygonColumn").about("Make a column: areas.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/polygon/{key}", columns::update::<Tables, types::Polygons>).id("tablesDB.updatePolygonColumn").about("Change a column: areas.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/relationship", relationships::create::<Tables>).id("tablesDB.createRelationshipColumn").about("Make a relationship: a column whose values are rows of another table.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/{key}/relationship", relationships::update::<Tables>).id("tablesDB.updateRelationshipColumn").about("Change a relationship, on both sides.").alias("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/relationship/{key}")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/string", columns::create::<Tables, types::Strings>).id("tablesDB.createStringColumn").about("Make a column: texts.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/string/{key}", columns::update::<Tables, types::Strings>).id("tablesDB.updateStringColumn").about("Change a column: texts.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/text", columns::create::<Tables, types::Texts>).id("tablesDB.createTextColumn").about("Make a column: texts kept beside the row.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/text/{key}", columns::update::<Tables, types::Texts>).id("tablesDB.updateTextColumn").about("Change a column: texts kept beside the row.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/url", columns::create::<Tables, types::Urls>).id("tablesDB.createUrlColumn").about("Make a column: URLs.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/url/{key}", columns::update::<Tables, types::Urls>).id("tablesDB.updateUrlColumn").about("Change a column: URLs.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/varchar", columns::create::<Tables, types::Varchars>).id("tablesDB.createVarcharColumn").about("Make a column: texts kept in the row.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].create").audit("column.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::patch("/v1/tablesdb/{databaseId}/tables/{tableId}/columns/varchar/{key}", columns::update::<Tables, types::Varchars>).id("tablesDB.updateVarcharColumn").about("Change a column: texts kept in the row.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].columns.[columnId].update").audit("column.update", "database/[databaseId]/table/[tableId]"),
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}/indexes", indexes::list::<Tables>).id("tablesDB.listIndexes").about("The indexes of a table.").scope(TablesRead).scope(CollectionsRead),
        Endpoint::post("/v1/tablesdb/{databaseId}/tables/{tableId}/indexes", indexes::create::<Tables>).id("tablesDB.createIndex").about("Make an index.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].indexes.[indexId].create").audit("index.create", "database/[databaseId]/table/[tableId]"),
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}/indexes/{key}", indexes::get::<Tables>).id("tablesDB.getIndex").about("An index.").scope(TablesRead).scope(CollectionsRead),
        Endpoint::delete("/v1/tablesdb/{databaseId}/tables/{tableId}/indexes/{key}", indexes::delete::<Tables>).id("tablesDB.deleteIndex").about("Delete an index.")
            .scope(TablesWrite).scope(CollectionsWrite).emits("databases.[databaseId].tables.[tableId].indexes.[indexId].update").audit("index.delete", "database/[databaseId]/table/[tableId]"),
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}/logs", logs::of_table::<Tables>).id("tablesDB.listTableLogs").about("What was done to a table.").scope(TablesRead).scope(CollectionsRead),
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}/rows/{rowId}/logs", logs::of_row::<Tables>).id("tablesDB.listRowLogs").about("What was done to a row.").scope(RowsRead).scope(DocumentsRead),
        Endpoint::get("/v1/tablesdb/usage", usage::of_project::<Tables>).id("tablesDB.listUsage").about("How much is stored, read and written.").scope(TablesRead).scope(CollectionsRead),
        Endpoint::get("/v1/tablesdb/{databaseId}/usage", usage::of_database::<Tables>).id("tablesDB.getUsage").about("How much a database stores, and how much of it is read and written.").scope(TablesRead).scope(CollectionsRead),
        Endpoint::get("/v1/tablesdb/{databaseId}/tables/{tableId}/usage", usage::of_table::<Tables>).id("tablesDB.getTableUsage").about("How much a table stores.").scope(TablesRead).scope(CollectionsRead),
    ]
}
