#include "catalog/content.h"

#include "catalog/tree/encoding.h"

namespace crannog::catalog {
namespace {

// The first byte: version in the high half, kind in the low one.
constexpr uint8_t kVersion = 1;

uint8_t Tag(ContentKind kind) {
  return static_cast<uint8_t>(kVersion << 4 | static_cast<uint8_t>(kind));
}

Result<int32_t> TakeInt32(std::string_view& from) {
  CRANNOG_ASSIGN(const int64_t value, tree::TakeSigned(from));
  if (value < INT32_MIN || value > INT32_MAX) {
    return Fail(Code::kCorrupt, "decode content: a number is too large");
  }
  return static_cast<int32_t>(value);
}

Result<std::string> TakeString(std::string_view& from) {
  CRANNOG_ASSIGN(const std::string_view text, TakeSized(from));
  return std::string(text);
}

void Append(std::string& to, const IcebergTable& table) {
  AppendSized(to, table.metadata_location);
  tree::AppendSigned(to, table.snapshot_id);
  tree::AppendSigned(to, table.schema_id);
  tree::AppendSigned(to, table.spec_id);
  tree::AppendSigned(to, table.sort_order_id);
}

Result<ContentBody> TakeIcebergTable(std::string_view& from) {
  IcebergTable table;
  CRANNOG_ASSIGN(table.metadata_location, TakeString(from));
  CRANNOG_ASSIGN(table.snapshot_id, tree::TakeSigned(from));
  CRANNOG_ASSIGN(table.schema_id, TakeInt32(from));
  CRANNOG_ASSIGN(table.spec_id, TakeInt32(from));
  CRANNOG_ASSIGN(table.sort_order_id, TakeInt32(from));
  return table;
}

void Append(std::string& to, const IcebergView& view) {
  AppendSized(to, view.metadata_location);
  tree::AppendSigned(to, view.version_id);
  tree::AppendSigned(to, view.schema_id);
  AppendSized(to, view.sql_text);
  AppendSized(to, view.dialect);
}

Result<ContentBody> TakeIcebergView(std::string_view& from) {
  IcebergView view;
  CRANNOG_ASSIGN(view.metadata_location, TakeString(from));
  CRANNOG_ASSIGN(view.version_id, tree::TakeSigned(from));
  CRANNOG_ASSIGN(view.schema_id, TakeInt32(from));
  CRANNOG_ASSIGN(view.sql_text, TakeString(from));
  CRANNOG_ASSIGN(view.dialect, TakeString(from));
  return view;
}

void Append(std::string& to, const DeltaTable& table) {
  tree::AppendStrings(to, table.metadata_location_history);
  tree::AppendStrings(to, table.checkpoint_location_history);
  AppendSized(to, table.last_checkpoint);
}

Result<ContentBody> TakeDeltaTable(std::string_view& from) {
  DeltaTable table;
  CRANNOG_ASSIGN(table.metadata_location_history, tree::TakeStrings(from));
  CRANNOG_ASSIGN(table.checkpoint_location_history, tree::TakeStrings(from));
  CRANNOG_ASSIGN(table.last_checkpoint, TakeString(from));
  return table;
}

void Append(std::string& to, const Namespace& space) {
  AppendVarint(to, space.properties.size());
  for (const auto& [name, value] : space.properties) {
    AppendSized(to, name);
    AppendSized(to, value);
  }
}

Result<ContentBody> TakeNamespace(std::string_view& from) {
  Namespace space;
  CRANNOG_ASSIGN(const size_t count, tree::TakeCount(from));
  for (size_t i = 0; i < count; ++i) {
    CRANNOG_ASSIGN(std::string name, TakeString(from));
    CRANNOG_ASSIGN(std::string value, TakeString(from));
    if (!space.properties.empty() && space.properties.rbegin()->first >= name) {
      return Fail(Code::kCorrupt, "decode content: properties are not in order");
    }
    space.properties.emplace_hint(space.properties.end(), std::move(name), std::move(value));
  }
  return space;
}

void Append(std::string& to, const Udf& udf) {
  AppendSized(to, udf.metadata_location);
  AppendSized(to, udf.version_id);
  AppendSized(to, udf.signature_id);
  AppendSized(to, udf.sql_text);
  AppendSized(to, udf.dialect);
}

Result<ContentBody> TakeUdf(std::string_view& from) {
  Udf udf;
  CRANNOG_ASSIGN(udf.metadata_location, TakeString(from));
  CRANNOG_ASSIGN(udf.version_id, TakeString(from));
  CRANNOG_ASSIGN(udf.signature_id, TakeString(from));
  CRANNOG_ASSIGN(udf.sql_text, TakeString(from));
  CRANNOG_ASSIGN(udf.dialect, TakeString(from));
  return udf;
}

Result<ContentBody> TakeBody(ContentKind kind, std::string_view& from) {
  switch (kind) {
    case ContentKind::kIcebergTable:
      return TakeIcebergTable(from);
    case ContentKind::kIcebergView:
      return TakeIcebergView(from);
    case ContentKind::kDeltaTable:
      return TakeDeltaTable(from);
    case ContentKind::kNamespace:
      return TakeNamespace(from);
    case ContentKind::kUdf:
      return TakeUdf(from);
  }
  return Fail(Code::kInternal, "decode content: no such kind");
}

}  // namespace

Result<ContentId> ContentId::Parse(std::string_view text) {
  CRANNOG_ASSIGN(const Uuid uuid, Uuid::Parse(text));
  return ContentId(uuid);
}

std::string_view ContentKindName(ContentKind kind) {
  switch (kind) {
    case ContentKind::kIcebergTable:
      return "ICEBERG_TABLE";
    case ContentKind::kIcebergView:
      return "ICEBERG_VIEW";
    case ContentKind::kDeltaTable:
      return "DELTA_LAKE_TABLE";
    case ContentKind::kNamespace:
      return "NAMESPACE";
    case ContentKind::kUdf:
      return "UDF";
  }
  return "UNKNOWN";
}

std::string EncodeContent(const Content& content) {
  std::string bytes;
  bytes.reserve(160);
  tree::AppendByte(bytes, Tag(content.kind()));
  bytes += content.id.uuid().bytes();
  std::visit([&](const auto& body) { Append(bytes, body); }, content.body);
  return bytes;
}

Result<ContentKind> DecodeContentKind(std::string_view bytes) {
  CRANNOG_ASSIGN(const uint8_t tag, tree::TakeByte(bytes));
  if (tag >> 4 != kVersion || (tag & 0x0f) >= kContentKinds) {
    return Fail(Code::kCorrupt, "decode content: unknown version or kind " + std::to_string(tag));
  }
  return static_cast<ContentKind>(tag & 0x0f);
}

Result<Content> DecodeContent(std::string_view bytes) {
  CRANNOG_ASSIGN(const ContentKind kind, DecodeContentKind(bytes));
  bytes.remove_prefix(1);
  CRANNOG_ASSIGN(const std::string_view id, tree::TakeBytes(bytes, Uuid::kSizeBytes));
  Uuid::Bytes raw;
  for (size_t i = 0; i < raw.size(); ++i) raw[i] = static_cast<uint8_t>(id[i]);
  Content content;
  content.id = ContentId(Uuid(raw));
  CRANNOG_ASSIGN(content.body, TakeBody(kind, bytes));
  if (!bytes.empty()) return Fail(Code::kCorrupt, "decode content: bytes after the end");
  return content;
}

}  // namespace crannog::catalog
