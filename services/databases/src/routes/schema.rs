//! The operations on databases, collections, attributes and indexes.

use api::Endpoint;
use kernel::Scope::{CollectionsRead, CollectionsWrite, DatabasesRead, DatabasesWrite, DocumentsRead};
use tables_api::columns::types;
use tables_api::{Collections, State, columns, databases, indexes, logs, relationships, tables, usage};

#[rustfmt::skip]
pub(crate) fn routes() -> Vec<Endpoint<State>> {
    vec![
        Endpoint::get("/v1/databases", databases::list::<Collections>).id("databases.list").about("The databases of the project.").scope(DatabasesRead),
        Endpoint::post("/v1/databases", databases::create::<Collections>).id("databases.create").about("Make a database.")
            .scope(DatabasesWrite).emits("databases.[databaseId].create").audit("database.create", "database"),
        Endpoint::get("/v1/databases/{databaseId}", databases::get::<Collections>).id("databases.get").about("A database.").scope(DatabasesRead),
        Endpoint::put("/v1/databases/{databaseId}", databases::update::<Collections>).id("databases.update").about("Change a database.")
            .scope(DatabasesWrite).emits("databases.[databaseId].update").audit("database.update", "database"),
        Endpoint::delete("/v1/databases/{databaseId}", databases::delete::<Collections>).id("databases.delete").about("Delete a database and everything in it.")
            .scope(DatabasesWrite).emits("databases.[databaseId].delete").audit("database.delete", "database"),
        Endpoint::get("/v1/databases/{databaseId}/collections", tables::list::<Collections>).id("databases.listCollections").about("The collections of a database.").scope(CollectionsRead),
        Endpoint::post("/v1/databases/{databaseId}/collections", tables::create::<Collections>).id("databases.createCollection").about("Make a collection without attributes.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].create").audit("collection.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}", tables::get::<Collections>).id("databases.getCollection").about("A collection.").scope(CollectionsRead),
        Endpoint::put("/v1/databases/{databaseId}/collections/{collectionId}", tables::update::<Collections>).id("databases.updateCollection").about("Change a collection.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].update").audit("collection.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::delete("/v1/databases/{databaseId}/collections/{collectionId}", tables::delete::<Collections>).id("databases.deleteCollection").about("Delete a collection and everything in it.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].delete").audit("collection.delete", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/attributes", columns::list::<Collections>).id("databases.listAttributes").about("The attributes of a collection.").scope(CollectionsRead),
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/attributes/{key}", columns::get::<Collections>).id("databases.getAttribute").about("An attribute.").scope(CollectionsRead),
        Endpoint::delete("/v1/databases/{databaseId}/collections/{collectionId}/attributes/{key}", columns::delete::<Collections>).id("databases.deleteAttribute").about("Delete an attribute and its values.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.delete", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/boolean", columns::create::<Collections, types::Booleans>).id("databases.createBooleanAttribute").about("Make an attribute: true or false.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/boolean/{key}", columns::update::<Collections, types::Booleans>).id("databases.updateBooleanAttribute").about("Change an attribute: true or false.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/datetime", columns::create::<Collections, types::Datetimes>).id("databases.createDatetimeAttribute").about("Make an attribute: instants.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/datetime/{key}", columns::update::<Collections, types::Datetimes>).id("databases.updateDatetimeAttribute").about("Change an attribute: instants.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/email", columns::create::<Collections, types::Emails>).id("databases.createEmailAttribute").about("Make an attribute: e-mail addresses.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/email/{key}", columns::update::<Collections, types::Emails>).id("databases.updateEmailAttribute").about("Change an attribute: e-mail addresses.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/enum", columns::create::<Collections, types::Enums>).id("databases.createEnumAttribute").about("Make an attribute: one of some texts.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/enum/{key}", columns::update::<Collections, types::Enums>).id("databases.updateEnumAttribute").about("Change an attribute: one of some texts.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/float", columns::create::<Collections, types::Floats>).id("databases.createFloatAttribute").about("Make an attribute: numbers.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/float/{key}", columns::update::<Collections, types::Floats>).id("databases.updateFloatAttribute").about("Change an attribute: numbers.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/integer", columns::create::<Collections, types::Integers>).id("databases.createIntegerAttribute").about("Make an attribute: whole numbers.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/integer/{key}", columns::update::<Collections, types::Integers>).id("databases.updateIntegerAttribute").about("Change an attribute: whole numbers.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/ip", columns::create::<Collections, types::Ips>).id("databases.createIpAttribute").about("Make an attribute: IP addresses.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/ip/{key}", columns::update::<Collections, types::Ips>).id("databases.updateIpAttribute").about("Change an attribute: IP addresses.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/line", columns::create::<Collections, types::Lines>).id("databases.createLineAttribute").about("Make an attribute: lines.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/line/{key}", columns::update::<Collections, types::Lines>).id("databases.updateLineAttribute").about("Change an attribute: lines.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/longtext", columns::create::<Collections, types::Longtexts>).id("databases.createLongtextAttribute").about("Make an attribute: long texts.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/longtext/{key}", columns::update::<Collections, types::Longtexts>).id("databases.updateLongtextAttribute").about("Change an attribute: long texts.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/mediumtext", columns::create::<Collections, types::Mediumtexts>).id("databases.createMediumtextAttribute").about("Make an attribute: medium texts.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/mediumtext/{key}", columns::update::<Collections, types::Mediumtexts>).id("databases.updateMediumtextAttribute").about("Change an attribute: medium texts.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/point", columns::create::<Collections, types::Points>).id("databases.createPointAttribute").about("Make an attribute: places.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/point/{key}", columns::update::<Collections, types::Points>).id("databases.updatePointAttribute").about("Change an attribute: places.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/polygon", columns::create::<Collections, types::Polygons>).id("databases.createPolygonAttribute").about("Make an attribute: areas.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/polygon/{key}", columns::update::<Collections, types::Polygons>).id("databases.updatePolygonAttribute").about("Change an attribute: areas.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/relationship", relationships::create::<Collections>).id("databases.createRelationshipAttribute").about("Make a relationship: an attribute whose values are documents of another collection.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/{key}/relationship", relationships::update::<Collections>).id("databases.updateRelationshipAttribute").about("Change a relationship, on both sides.").alias("/v1/databases/{databaseId}/collections/{collectionId}/attributes/relationship/{key}")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/string", columns::create::<Collections, types::Strings>).id("databases.createStringAttribute").about("Make an attribute: texts.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/string/{key}", columns::update::<Collections, types::Strings>).id("databases.updateStringAttribute").about("Change an attribute: texts.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/text", columns::create::<Collections, types::Texts>).id("databases.createTextAttribute").about("Make an attribute: texts kept beside the row.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/text/{key}", columns::update::<Collections, types::Texts>).id("databases.updateTextAttribute").about("Change an attribute: texts kept beside the row.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/url", columns::create::<Collections, types::Urls>).id("databases.createUrlAttribute").about("Make an attribute: URLs.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/url/{key}", columns::update::<Collections, types::Urls>).id("databases.updateUrlAttribute").about("Change an attribute: URLs.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/attributes/varchar", columns::create::<Collections, types::Varchars>).id("databases.createVarcharAttribute").about("Make an attribute: texts kept in the row.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].create").audit("attribute.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::patch("/v1/databases/{databaseId}/collections/{collectionId}/attributes/varchar/{key}", columns::update::<Collections, types::Varchars>).id("databases.updateVarcharAttribute").about("Change an attribute: texts kept in the row.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].attributes.[attributeId].update").audit("attribute.update", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/indexes", indexes::list::<Collections>).id("databases.listIndexes").about("The indexes of a collection.").scope(CollectionsRead),
        Endpoint::post("/v1/databases/{databaseId}/collections/{collectionId}/indexes", indexes::create::<Collections>).id("databases.createIndex").about("Make an index.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].indexes.[indexId].create").audit("index.create", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/indexes/{key}", indexes::get::<Collections>).id("databases.getIndex").about("An index.").scope(CollectionsRead),
        Endpoint::delete("/v1/databases/{databaseId}/collections/{collectionId}/indexes/{key}", indexes::delete::<Collections>).id("databases.deleteIndex").about("Delete an index.")
            .scope(CollectionsWrite).emits("databases.[databaseId].collections.[collectionId].indexes.[indexId].update").audit("index.delete", "database/[databaseId]/collection/[collectionId]"),
        Endpoint::get("/v1/databases/{databaseId}/logs", logs::of_database::<Collections>).id("databases.listLogs").about("What was done to a database.").scope(DatabasesRead),
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/logs", logs::of_table::<Collections>).id("databases.listCollectionLogs").about("What was done to a collection.").scope(CollectionsRead),
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/documents/{documentId}/logs", logs::of_row::<Collections>).id("databases.listDocumentLogs").about("What was done to a document.").scope(DocumentsRead),
        Endpoint::get("/v1/databases/usage", usage::of_project::<Collections>).id("databases.listUsage").about("How much is stored, read and written.").scope(CollectionsRead),
        Endpoint::get("/v1/databases/{databaseId}/usage", usage::of_database::<Collections>).id("databases.getUsage").about("How much a database stores, and how much of it is read and written.").scope(CollectionsRead),
        Endpoint::get("/v1/databases/{databaseId}/collections/{collectionId}/usage", usage::of_table::<Collections>).id("databases.getCollectionUsage").about("How much a collection stores.").scope(CollectionsRead),
    ]
}
