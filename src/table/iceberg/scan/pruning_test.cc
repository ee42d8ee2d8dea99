// Random tables and predicates: pruning by partitions, by file statistics, by manifest summaries
// and by the index must never drop a file that holds a matching row, and a strict answer must hold
// for every row.
#include "table/iceberg/scan/pruning.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "table/iceberg/scan/manifest_index.h"
#include "table/iceberg/scan/projection.h"

namespace crannog::table::iceberg {
namespace {

using Row = std::vector<Value>;  // by column

const Type kTypes[] = {TypeId::kInt,         TypeId::kLong,       TypeId::kFloat,
                       TypeId::kDouble,      Type::Decimal(9, 2), TypeId::kDate,
                       TypeId::kTimestamp,   TypeId::kString,     TypeId::kBinary,
                       Type::Decimal(30, 4), TypeId::kUuid};
constexpr size_t kColumns = std::size(kTypes);

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  int64_t Below(int64_t bound) {
    return static_cast<int64_t>(random_() % static_cast<uint64_t>(bound));
  }

  int64_t Number(TypeId id) {
    switch (Below(12)) {
      case 0:
        return id == TypeId::kLong || id == TypeId::kTimestamp
                   ? std::numeric_limits<int64_t>::min() + Below(3)
                   : std::numeric_limits<int32_t>::min() + Below(3);
      case 1:
        return id == TypeId::kLong ? std::numeric_limits<int64_t>::max() - Below(3)
                                   : std::numeric_limits<int32_t>::max() - Below(3);
      case 2:
        return Below(4) - 2;
      default:
        return Below(60) - 30;
    }
  }

  double Floating() {
    switch (Below(8)) {
      case 0:
        return std::numeric_limits<double>::quiet_NaN();
      case 1:
        return -0.0;
      case 2:
        return 0.0;
      case 3:
        return std::numeric_limits<double>::infinity() * (Below(2) == 0 ? 1 : -1);
      default:
        return static_cast<double>(Below(20) - 10) / 2;
    }
  }

  std::string Bytes() {
    static const std::string kAlphabets[] = {"ab", "a\xc3\xa9z"};
    std::string text;
    const int64_t length = Below(8) == 0 ? 14 + Below(8) : Below(5);
    for (int64_t i = 0; i < length; ++i) {
      switch (Below(3)) {
        case 0:
          text += "a";
          break;
        case 1:
          text += "b";
          break;
        default:
          text += "\xc3\xa9";
          break;
      }
    }
    return text;
  }

  Value OfUuid() {
    std::string bytes(16, '\0');
    bytes[0] = "\x00\x7f\x80\xff"[Below(4)];
    bytes[8] = "\x00\x7f\x80\xff"[Below(4)];
    return Value::Uuid(std::move(bytes));
  }

  Value Of(const Type& type) {
    switch (type.id()) {
      case TypeId::kUuid:
        return OfUuid();
      case TypeId::kFloat:
        return Value::Float(static_cast<float>(Floating()));
      case TypeId::kDouble:
        return Value::Double(Floating());
      case TypeId::kDecimal:
        return Value::Decimal(Below(2000) - 1000, type.precision(), type.scale());
      case TypeId::kString:
        return Value::String(Bytes());
      case TypeId::kBinary:
        return Value::Binary(Bytes() + (Below(4) == 0 ? std::string(1, 0) : ""));
      case TypeId::kTimestamp:
        return Value::Timestamp(Below(6) == 0 ? Below(4) - 2 : (Below(80) - 40) * 1'800'000'000);
      default:
        return Value::OfInteger(type.id(), Number(type.id()));
    }
  }

  Predicate Leaf() {
    const auto column = static_cast<size_t>(Below(kColumns));
    const auto id = static_cast<int32_t>(column) + 1;
    const Type& type = kTypes[column];
    const bool text = type.id() == TypeId::kString || type.id() == TypeId::kBinary;
    const int64_t kind = Below(text ? 14 : 12);
    if (kind < 4) {
      return Predicate::Unary(
          static_cast<PredicateOp>(static_cast<int>(PredicateOp::kIsNull) + kind), id);
    }
    if (kind < 10) {
      return Predicate::Compare(
          static_cast<PredicateOp>(static_cast<int>(PredicateOp::kLess) + kind - 4), id, Of(type));
    }
    if (kind < 12) {
      std::vector<Value> values;
      for (int64_t i = Below(5); i >= 0; --i) values.push_back(Of(type));
      return kind == 10 ? Predicate::In(id, values) : Predicate::NotIn(id, values);
    }
    return Predicate::Compare(kind == 12 ? PredicateOp::kStartsWith : PredicateOp::kNotStartsWith,
                              id, Of(type));
  }

  Predicate Any(int depth) {
    const int64_t kind = depth == 0 ? 9 : Below(10);
    if (kind < 2) return Predicate::And({Any(depth - 1), Any(depth - 1)});
    if (kind < 4) return Predicate::Or({Any(depth - 1), Any(depth - 1)});
    if (kind < 5) return Predicate::Not(Any(depth - 1));
    return Leaf();
  }

 private:
  std::mt19937_64 random_;
};

// SQL's three-valued logic over one row: the oracle, written apart from the code under test.
using Truth = std::optional<bool>;

int Order(const Value& a, const Value& b) {
  const TypeId id = a.type_id();
  if (id != TypeId::kFloat && id != TypeId::kDouble) return Compare(a, b);
  if (a.is_nan() || b.is_nan()) return static_cast<int>(a.is_nan()) - static_cast<int>(b.is_nan());
  return a.number() < b.number() ? -1 : a.number() > b.number() ? 1 : 0;
}

// As writers of bounds order values: those in Java take the halves of a UUID as signed numbers.
bool BoundLess(const Value& a, const Value& b) {
  if (a.type_id() != TypeId::kUuid) return Compare(a, b) < 0;
  const auto as_signed = [](std::string bytes) {
    for (const size_t first : {size_t{0}, size_t{8}})
      bytes[first] = static_cast<char>(bytes[first] ^ 0x80);
    return bytes;
  };
  return as_signed(std::string(a.bytes())) < as_signed(std::string(b.bytes()));
}

Truth Evaluate(const Predicate& p, const Row& row) {
  switch (p.op) {
    case PredicateOp::kTrue:
      return true;
    case PredicateOp::kFalse:
      return false;
    case PredicateOp::kNot: {
      const Truth inner = Evaluate(p.children[0], row);
      return inner ? Truth(!*inner) : std::nullopt;
    }
    case PredicateOp::kAnd:
    case PredicateOp::kOr: {
      const bool deciding = p.op == PredicateOp::kOr;
      bool unknown = false;
      for (const Predicate& child : p.children) {
        const Truth one = Evaluate(child, row);
        if (one == deciding) return deciding;
        unknown |= !one;
      }
      return unknown ? std::nullopt : Truth(!deciding);
    }
    default:
      break;
  }
  const Value& v = row[static_cast<size_t>(p.field_id) - 1];
  if (p.op == PredicateOp::kIsNull) return v.is_null();
  if (p.op == PredicateOp::kNotNull) return !v.is_null();
  if (v.is_null()) return std::nullopt;
  if (p.op == PredicateOp::kIsNan) return v.is_nan();
  if (p.op == PredicateOp::kNotNan) return !v.is_nan();
  const bool in = std::ranges::any_of(p.literals, [&](const Value& l) { return Order(v, l) == 0; });
  if (p.op == PredicateOp::kIn) return in;
  if (p.op == PredicateOp::kNotIn) return !in;
  const Value& literal = p.literals[0];
  switch (p.op) {
    case PredicateOp::kLess:
      return Order(v, literal) < 0;
    case PredicateOp::kLessOrEqual:
      return Order(v, literal) <= 0;
    case PredicateOp::kGreater:
      return Order(v, literal) > 0;
    case PredicateOp::kGreaterOrEqual:
      return Order(v, literal) >= 0;
    case PredicateOp::kEqual:
      return Order(v, literal) == 0;
    case PredicateOp::kNotEqual:
      return Order(v, literal) != 0;
    case PredicateOp::kStartsWith:
      return v.bytes().starts_with(literal.bytes());
    default:
      return !v.bytes().starts_with(literal.bytes());
  }
}

struct File {
  std::vector<Row> rows;
  DataFile data;
};

class Table {
 public:
  Table(Generator& random, int file_count) {
    std::vector<NestedField> fields;
    for (size_t i = 0; i < kColumns; ++i) {
      fields.push_back(
          {static_cast<int32_t>(i) + 1, "c" + std::to_string(i), kTypes[i], false, {}, {}, {}});
    }
    schema = *Schema::Make(0, fields);
    spec.spec_id = 0;
    const Transform transforms[] = {
        Transform::Identity(),  Transform::Bucket(4), Transform::Truncate(10),
        Transform::Truncate(2), Transform::Year(),    Transform::Month(),
        Transform::Day(),       Transform::Hour(),    Transform::Void(),
        Transform::Truncate(7)};  // the least int and long wrap to below the greatest multiple
    for (int64_t i = random.Below(4); i > 0; --i) {
      const auto column = static_cast<size_t>(random.Below(kColumns));
      const Transform& transform =
          transforms[static_cast<size_t>(random.Below(std::size(transforms)))];
      if (!transform.CanApply(kTypes[column])) continue;
      PartitionField field;
      field.source_id = static_cast<int32_t>(column) + 1;
      field.field_id = 1000 + static_cast<int32_t>(spec.fields.size());
      field.name = "p" + std::to_string(spec.fields.size());
      field.transform = transform;
      spec.fields.push_back(field);
    }
    for (int i = 0; i < file_count; ++i) files.push_back(MakeFile(random, i));
    metadata.schemas = {schema};
    metadata.partition_specs = {std::make_shared<const PartitionSpec>(spec)};
  }

  SchemaPtr schema;
  PartitionSpec spec;
  std::vector<File> files;
  TableMetadata metadata;

 private:
  Row MakeRow(Generator& random) {
    Row row;
    for (const Type& type : kTypes) {
      row.push_back(random.Below(6) == 0 ? Value() : random.Of(type));
    }
    return row;
  }

  std::vector<Value> PartitionOf(const Row& row) {
    std::vector<Value> partition;
    for (const PartitionField& field : spec.fields) {
      const Value& source = row[static_cast<size_t>(field.source_id) - 1];
      partition.push_back(source.is_null() || field.transform.kind() == TransformKind::kVoid
                              ? Value()
                              : field.transform.Apply(source));
    }
    return partition;
  }

  File MakeFile(Generator& random, int number) {
    File file;
    file.rows.push_back(MakeRow(random));
    file.data.partition = PartitionOf(file.rows[0]);
    for (int64_t i = random.Below(30); i > 0; --i) {
      Row row = MakeRow(random);
      if (PartitionOf(row) == file.data.partition) file.rows.push_back(std::move(row));
    }
    file.data.file_path = "s3://lake/data/f" + std::to_string(number);
    file.data.record_count = static_cast<int64_t>(file.rows.size());
    file.data.file_size_in_bytes = 1;
    for (size_t c = 0; c < kColumns; ++c) Describe(random, file, c);
    return file;
  }

  // Statistics as writers leave them: sometimes not at all, bounds sometimes wider than needed.
  void Describe(Generator& random, File& file, size_t c) {
    const auto id = static_cast<int32_t>(c) + 1;
    int64_t nulls = 0;
    int64_t nans = 0;
    std::optional<Value> low;
    std::optional<Value> high;
    for (const Row& row : file.rows) {
      const Value& v = row[c];
      nulls += v.is_null() ? 1 : 0;
      nans += v.is_nan() ? 1 : 0;
      if (v.is_null() || v.is_nan()) continue;
      if (!low || BoundLess(v, *low)) low = v;
      if (!high || BoundLess(*high, v)) high = v;
    }
    if (random.Below(8) != 0) file.data.value_counts.push_back({id, file.data.record_count});
    if (random.Below(8) != 0) file.data.null_value_counts.push_back({id, nulls});
    const bool floating = kTypes[c].id() == TypeId::kFloat || kTypes[c].id() == TypeId::kDouble;
    if (floating && random.Below(3) != 0) file.data.nan_value_counts.push_back({id, nans});
    if (low && random.Below(8) != 0) {
      std::string bound = EncodeBinary(*low);
      if (kTypes[c].id() == TypeId::kBinary && bound.size() > 2 && random.Below(2) == 0) {
        bound.resize(2);
      }
      file.data.lower_bounds.push_back({id, bound});
    }
    if (high && random.Below(8) != 0) {
      file.data.upper_bounds.push_back({id, EncodeBinary(*high)});
    }
  }
};

ManifestIndexPtr IndexOf(const Table& table) {
  ManifestFile manifest;
  manifest.manifest_path = "m";
  ManifestIndex::Builder builder(manifest, table.metadata);
  for (const File& file : table.files) {
    std::vector<FieldBoundView> lowers;
    std::vector<FieldBoundView> uppers;
    for (const FieldBound& b : file.data.lower_bounds) lowers.push_back({b.field_id, b.value});
    for (const FieldBound& b : file.data.upper_bounds) uppers.push_back({b.field_id, b.value});
    ManifestEntryView view;
    view.data_file.file_path = file.data.file_path;
    view.data_file.partition = file.data.partition;
    view.data_file.record_count = file.data.record_count;
    view.data_file.value_counts = file.data.value_counts;
    view.data_file.null_value_counts = file.data.null_value_counts;
    view.data_file.nan_value_counts = file.data.nan_value_counts;
    view.data_file.lower_bounds = lowers;
    view.data_file.upper_bounds = uppers;
    builder.Add(view);
  }
  return std::move(builder).Finish();
}

// With missing bounds as DuckDB leaves them.
ManifestFile Summarize(Generator& random, const Table& table) {
  ManifestFile manifest;
  manifest.added_files_count = static_cast<int32_t>(table.files.size());
  manifest.partitions.emplace();
  for (size_t i = 0; i < table.spec.fields.size(); ++i) {
    FieldSummary summary;
    summary.contains_nan = false;
    std::optional<Value> low;
    std::optional<Value> high;
    for (const File& file : table.files) {
      const Value& v = file.data.partition[i];
      summary.contains_null |= v.is_null();
      if (v.is_nan()) summary.contains_nan = true;
      if (v.is_null() || v.is_nan()) continue;
      if (!low || BoundLess(v, *low)) low = v;
      if (!high || BoundLess(*high, v)) high = v;
    }
    const bool bounds = random.Below(8) != 0;
    if (low && bounds) summary.lower_bound = EncodeBinary(*low);
    if (high && bounds) summary.upper_bound = EncodeBinary(*high);
    manifest.partitions->push_back(std::move(summary));
  }
  return manifest;
}

void CheckOne(Generator& random, const Table& table, uint64_t seed, size_t& pruned,
              size_t& certain) {
  const Predicate predicate = random.Any(3);
  const auto bound = Bind(predicate, *table.schema);
  ASSERT_TRUE(bound) << bound.error().ToString();
  const Predicate inclusive = ProjectInclusive(*bound, table.spec, *table.schema);
  const Predicate strict = ProjectStrict(*bound, table.spec, *table.schema);
  const ManifestIndexPtr index = IndexOf(table);
  std::vector<uint8_t> selected(index->file_count());
  index->Select(inclusive, *bound, selected);
  bool any_file = false;
  for (size_t i = 0; i < table.files.size(); ++i) {
    const File& file = table.files[i];
    bool any = false;
    bool all = true;
    for (const Row& row : file.rows) {
      const bool matches = Evaluate(predicate, row) == true;
      EXPECT_EQ(Evaluate(bound->root(), row) == true, matches) << "binding changed the meaning";
      any |= matches;
      all &= matches;
    }
    any_file |= any;
    const std::string what = "seed " + std::to_string(seed) + " file " + std::to_string(i) + ": " +
                             ToString(predicate, *table.schema) + " over " + table.spec.ToString();
    const bool may = FileMayMatch(*bound, file.data, *table.schema);
    const bool partition_may = PartitionMayMatch(inclusive, table.spec, file.data.partition);
    const bool must = FileMustMatch(*bound, file.data, *table.schema);
    const bool partition_must = PartitionMustMatch(strict, table.spec, file.data.partition);
    ASSERT_TRUE(may || !any) << what;
    ASSERT_TRUE(partition_may || !any) << what;
    ASSERT_TRUE(selected[i] != 0 || !any) << "index: " << what;
    ASSERT_TRUE(!must || all) << what;
    ASSERT_TRUE(!partition_must || all) << what << " strict " << ToString(strict, *table.schema);
    pruned += selected[i] == 0 ? 1u : 0u;
    certain += must || partition_must ? 1u : 0u;
  }
  const ManifestFile manifest = Summarize(random, table);
  ASSERT_TRUE(ManifestMayMatch(inclusive, table.spec, *table.schema, manifest) || !any_file)
      << "seed " << seed << " manifest: " << ToString(predicate, *table.schema);
}

TEST(PruningTest, NeverDropsAMatchingRow) {
  size_t pruned = 0;
  size_t certain = 0;
  for (uint64_t seed = 1; seed <= 1500; ++seed) {
    Generator random(seed);
    const Table table(random, 1 + static_cast<int>(random.Below(6)));
    for (int i = 0; i < 12; ++i) {
      CheckOne(random, table, seed, pruned, certain);
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
  // Both answers must be given often, or the test proves nothing.
  EXPECT_GT(pruned, 5000u);
  EXPECT_GT(certain, 1000u);
}

TEST(PruningTest, ABooleanPartitionWithoutBoundsMayHoldAnything) {
  const SchemaPtr schema = *Schema::Make(0, {{1, "b", TypeId::kBoolean, false, {}, {}, {}}});
  PartitionSpec spec;
  spec.fields = {{1, {}, 1000, "b", Transform::Identity()}};
  ManifestFile manifest;
  manifest.added_files_count = 1;
  manifest.partitions = {FieldSummary{}};
  manifest.partitions->front().contains_null = true;
  const auto bound =
      Bind(Predicate::Compare(PredicateOp::kEqual, 1, Value::Boolean(true)), *schema);
  EXPECT_TRUE(ManifestMayMatch(ProjectInclusive(*bound, spec, *schema), spec, *schema, manifest));
}

TEST(PruningTest, TruncatingTheLeastIntegerWraps) {
  const SchemaPtr schema = *Schema::Make(
      0, {{1, "i", TypeId::kInt, false, {}, {}, {}}, {2, "l", TypeId::kLong, false, {}, {}, {}}});
  const Value least[] = {Value::Int(std::numeric_limits<int32_t>::min()),
                         Value::Long(std::numeric_limits<int64_t>::min())};
  for (const int32_t id : {1, 2}) {
    const Value& value = least[id == 1 ? 0 : 1];
    PartitionSpec spec;
    spec.fields = {{id, {}, 1000, "p", Transform::Truncate(7)}};
    const std::vector<Value> partition = {spec.fields[0].transform.Apply(value)};
    ASSERT_GT(partition[0].integer(), 0);
    const auto below = Bind(Predicate::Compare(PredicateOp::kLess, id, Value::Long(0)), *schema);
    const auto above = Bind(Predicate::Compare(PredicateOp::kGreater, id, Value::Long(0)), *schema);
    const auto same = Bind(Predicate::Compare(PredicateOp::kEqual, id, value), *schema);
    EXPECT_TRUE(PartitionMayMatch(ProjectInclusive(*below, spec, *schema), spec, partition));
    EXPECT_TRUE(PartitionMayMatch(ProjectInclusive(*same, spec, *schema), spec, partition));
    EXPECT_FALSE(PartitionMustMatch(ProjectStrict(*above, spec, *schema), spec, partition));
  }
}

TEST(BindTest, LiteralsOutsideTheColumnsRange) {
  const SchemaPtr schema = *Schema::Make(0, {{1, "i", TypeId::kInt, false, {}, {}, {}},
                                             {2, "d", Type::Decimal(5, 2), false, {}, {}, {}}});
  const auto bind = [&](PredicateOp op, int32_t id, Value v) {
    return ToString(Bind(Predicate::Compare(op, id, std::move(v)), *schema)->root(), *schema);
  };
  EXPECT_EQ(bind(PredicateOp::kLess, 1, Value::Long(5'000'000'000)), "i is not null");
  EXPECT_EQ(bind(PredicateOp::kEqual, 1, Value::Long(5'000'000'000)), "false");
  EXPECT_EQ(bind(PredicateOp::kGreater, 1, Value::Long(-5'000'000'000)), "i is not null");
  EXPECT_EQ(bind(PredicateOp::kLess, 2, Value::Decimal(1555, 6, 3)), "d <= 1.55");
  EXPECT_EQ(bind(PredicateOp::kGreaterOrEqual, 2, Value::Decimal(-1555, 6, 3)), "d > -1.56");
  EXPECT_EQ(bind(PredicateOp::kEqual, 2, Value::Decimal(1555, 6, 3)), "false");
  EXPECT_FALSE(Bind(Predicate::Unary(PredicateOp::kIsNull, 9), *schema));
  Predicate deep;
  for (int i = 0; i < 300; ++i) deep = Predicate::Not(std::move(deep));
  EXPECT_EQ(Bind(deep, *schema).error().code(), Code::kTooLarge);
}

}  // namespace
}  // namespace crannog::table::iceberg
