// What a content key stands for: a pointer to a table's metadata, a view, a namespace.
//
// The catalog knows no table metadata: it keeps these few fields as the engine gave them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/uuid.h"

namespace crannog::catalog {

// Names a table for life: given by the catalog when content is created, kept by every update and
// rename; dropping and creating again makes another. Nil means "none yet".
class ContentId {
 public:
  ContentId() = default;
  explicit ContentId(const Uuid& uuid) : uuid_(uuid) {}
  // Foreign ids may be any UUID. kInvalid for text that is none.
  static Result<ContentId> Parse(std::string_view text);

  bool IsNil() const { return uuid_ == Uuid(); }
  const Uuid& uuid() const { return uuid_; }
  std::string ToString() const { return uuid_.ToString(); }

  friend bool operator==(const ContentId&, const ContentId&) = default;
  friend auto operator<=>(const ContentId&, const ContentId&) = default;

 private:
  Uuid uuid_;
};

// -1 is "none" for each number, as in Iceberg.
struct IcebergTable {
  std::string metadata_location;
  int64_t snapshot_id = -1;
  int32_t schema_id = -1;
  int32_t spec_id = -1;
  int32_t sort_order_id = -1;
  friend bool operator==(const IcebergTable&, const IcebergTable&) = default;
};

struct IcebergView {
  std::string metadata_location;
  int64_t version_id = -1;
  int32_t schema_id = -1;
  std::string sql_text;  // Nessie clients still send and expect these two
  std::string dialect;
  friend bool operator==(const IcebergView&, const IcebergView&) = default;
};

struct DeltaTable {
  std::vector<std::string> metadata_location_history;
  std::vector<std::string> checkpoint_location_history;
  std::string last_checkpoint;  // empty is none
  friend bool operator==(const DeltaTable&, const DeltaTable&) = default;
};

struct Namespace {
  std::map<std::string, std::string> properties;
  friend bool operator==(const Namespace&, const Namespace&) = default;
};

struct Udf {
  std::string metadata_location;
  std::string version_id;
  std::string signature_id;
  std::string sql_text;
  std::string dialect;
  friend bool operator==(const Udf&, const Udf&) = default;
};

// Stored as numbers: never change or reuse one. The order is that of ContentBody.
enum class ContentKind : uint8_t {
  kIcebergTable = 0,
  kIcebergView = 1,
  kDeltaTable = 2,
  kNamespace = 3,
  kUdf = 4,
};
inline constexpr size_t kContentKinds = 5;

// "ICEBERG_TABLE", "ICEBERG_VIEW", "DELTA_LAKE_TABLE", "NAMESPACE", "UDF": Nessie's names.
std::string_view ContentKindName(ContentKind kind);

using ContentBody = std::variant<IcebergTable, IcebergView, DeltaTable, Namespace, Udf>;

struct Content {
  ContentId id;  // nil in what is to be created
  ContentBody body;

  ContentKind kind() const { return static_cast<ContentKind>(body.index()); }
  bool IsNamespace() const { return kind() == ContentKind::kNamespace; }
  // Null when it is something else: content.As<IcebergTable>().
  template <typename T>
  const T* As() const {
    return std::get_if<T>(&body);
  }
  friend bool operator==(const Content&, const Content&) = default;
};

// Compact binary (docs/formats/catalog.md, Content). Equal contents have equal bytes.
std::string EncodeContent(const Content& content);
// kCorrupt for bytes that are no content.
Result<Content> DecodeContent(std::string_view bytes);
// The kind alone, without decoding the rest. kCorrupt.
Result<ContentKind> DecodeContentKind(std::string_view bytes);

}  // namespace crannog::catalog
