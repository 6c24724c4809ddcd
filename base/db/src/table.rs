//! Declaration of a noun's struct, its columns, and reading and writing its rows.

/// Declares a table: the struct of its rows, the identifiers of its columns, and the conversions between them.
///
/// ```
/// use kernel::Timestamp;
///
/// db::table! {
///     /// Session of a user.
///     pub struct Session in sessions as Sessions {
///         /// Session ID.
///         pub id: String => Id,
///         /// User ID.
///         pub user_id: String => UserId,
///         /// Expiry time.
///         pub expire: Timestamp => Expire,
///     }
/// }
/// ```
///
/// gives `Session` (`Debug`, `Clone`), the identifiers `Sessions::{Table, Id, UserId, Expire}`, `Session::COLUMNS` in
/// the order of the fields, `FromRow`, [`Entity`](crate::Entity), `Session::select()`, `session.insert()` and
/// `session.values()`. The first field is the key. A field named like a keyword is written raw (`r#type`), its column
/// is not. A row is changed by [`Tx::lock_row`](crate::Tx::lock_row) and [`Tx::save`](crate::Tx::save) only.
#[macro_export]
macro_rules! table {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident in $table:ident as $idens:ident {
            $( $(#[$field_meta:meta])* $field_vis:vis $field:ident : $type:ty => $column:ident ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        $vis struct $name {
            $( $(#[$field_meta])* $field_vis $field: $type, )*
        }

        #[doc = concat!("The identifiers of the table `", stringify!($table), "`.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $vis enum $idens {
            /// The table itself.
            Table,
            $( #[doc = concat!("The column of `", stringify!($field), "`.")] $column, )*
        }

        impl $idens {
            /// The name in the database.
            $vis const fn name(self) -> &'static str {
                match self {
                    Self::Table => $crate::bare(stringify!($table)),
                    $( Self::$column => $crate::bare(stringify!($field)), )*
                }
            }
        }

        impl $crate::sea_query::Iden for $idens {
            fn quoted(&self) -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(self.name())
            }

            fn unquoted(&self) -> &str {
                self.name()
            }
        }

        #[allow(dead_code, reason = "not every table uses each of them")]
        impl $name {
            /// Every column, in the order of the fields.
            $vis const COLUMNS: [$idens; [$( stringify!($column) ),*].len()] = [$( $idens::$column ),*];

            /// Every value, in the order of the columns.
            $vis fn values(&self) -> Vec<$crate::Value> {
                vec![$( $crate::ToValue::to_value(&self.$field) ),*]
            }

            /// Selects every column; the caller adds the conditions.
            $vis fn select() -> $crate::sea_query::SelectStatement {
                $crate::sea_query::Query::select().columns(Self::COLUMNS).from($idens::Table).take()
            }

            /// Inserts this row.
            $vis fn insert(&self) -> $crate::sea_query::InsertStatement {
                $crate::sea_query::Query::insert()
                    .into_table($idens::Table)
                    .columns(Self::COLUMNS)
                    // The number of values equals the number of columns: both come from the same list of fields.
                    .values_panic(self.values().into_iter().map($crate::sea_query::Expr::from))
                    .take()
            }
        }

        impl $crate::Entity for $name {
            type Iden = $idens;

            const TABLE: $idens = $idens::Table;
            const ALL_COLUMNS: &'static [$idens] = &Self::COLUMNS;

            fn to_values(&self) -> Vec<$crate::Value> {
                self.values()
            }

            fn to_insert(&self) -> $crate::sea_query::InsertStatement {
                self.insert()
            }
        }

        impl $crate::FromRow for $name {
            fn from_row(row: &$crate::Row<'_>) -> ::std::result::Result<Self, $crate::Error> {
                let mut cells = row.cells();
                Ok(Self { $( $field: cells.take()?, )* })
            }
        }
    };
}

/// A raw identifier without its `r#`.
#[doc(hidden)]
pub const fn bare(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}
