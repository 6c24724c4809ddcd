//! Comparison operators of the query language.

/// Operands of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operands {
    Nothing,
    One,
    Two,
    Some,
    /// A list with one geometry, which is a list of coordinates.
    Geometry,
    /// A list with a geometry, a distance, and whether it is in metres.
    Distance,
}

macro_rules! tests {
    ($($name:ident $wire:literal $operands:ident,)*) => {
        /// Comparison operator of a filter.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Test {
            $(
                #[doc = concat!("`", $wire, "`")]
                $name,
            )*
        }

        impl Test {
            /// The method's name on the wire.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $wire,)*
                }
            }

            pub(super) fn find(name: &str) -> Option<(Self, Operands)> {
                match name {
                    $($wire => Some((Self::$name, Operands::$operands)),)*
                    _ => None,
                }
            }
        }
    };
}

tests! {
    Equal "equal" Some,
    NotEqual "notEqual" One,
    LessThan "lessThan" One,
    LessThanEqual "lessThanEqual" One,
    GreaterThan "greaterThan" One,
    GreaterThanEqual "greaterThanEqual" One,
    Between "between" Two,
    NotBetween "notBetween" Two,
    IsNull "isNull" Nothing,
    IsNotNull "isNotNull" Nothing,
    StartsWith "startsWith" One,
    NotStartsWith "notStartsWith" One,
    EndsWith "endsWith" One,
    NotEndsWith "notEndsWith" One,
    Contains "contains" Some,
    NotContains "notContains" Some,
    Search "search" One,
    NotSearch "notSearch" One,
    Regex "regex" One,
    Crosses "crosses" Geometry,
    NotCrosses "notCrosses" Geometry,
    Intersects "intersects" Geometry,
    NotIntersects "notIntersects" Geometry,
    Overlaps "overlaps" Geometry,
    NotOverlaps "notOverlaps" Geometry,
    Touches "touches" Geometry,
    NotTouches "notTouches" Geometry,
    DistanceEqual "distanceEqual" Distance,
    DistanceNotEqual "distanceNotEqual" Distance,
    DistanceGreaterThan "distanceGreaterThan" Distance,
    DistanceLessThan "distanceLessThan" Distance,
}
