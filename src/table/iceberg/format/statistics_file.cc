#include "table/iceberg/format/statistics_file.h"

#include <utility>

#include "table/iceberg/format/string_map_json.h"

namespace crannog::table::iceberg {
namespace {

using codec::Json;
using codec::JsonAt;

Result<StatisticsBlob> BlobFromJson(const JsonAt& at) {
  StatisticsBlob blob;
  CRANNOG_ASSIGN(blob.type, at.String("type"));
  CRANNOG_ASSIGN(blob.snapshot_id, at.Long("snapshot-id"));
  CRANNOG_ASSIGN(blob.sequence_number, at.Long("sequence-number"));
  CRANNOG_ASSIGN(const JsonAt fields, at.Member("fields"));
  CRANNOG_ASSIGN(blob.fields, fields.AsInts());
  if (const auto properties = at.MemberIfAny("properties")) {
    CRANNOG_ASSIGN(blob.properties, properties->AsStringMap());
  }
  return blob;
}

}  // namespace

Json StatisticsFileToJson(const StatisticsFile& file) {
  Json blobs = Json::NewArray();
  for (const StatisticsBlob& blob : file.blob_metadata) {
    Json json = Json::NewObject();
    json.Set("type", blob.type)
        .Set("snapshot-id", blob.snapshot_id)
        .Set("sequence-number", blob.sequence_number)
        .Set("fields", IntsToJson(blob.fields));
    if (!blob.properties.empty()) json.Set("properties", StringMapToJson(blob.properties));
    blobs.Append(std::move(json));
  }
  Json json = Json::NewObject();
  json.Set("snapshot-id", file.snapshot_id)
      .Set("statistics-path", file.statistics_path)
      .Set("file-size-in-bytes", file.file_size_in_bytes)
      .Set("file-footer-size-in-bytes", file.file_footer_size_in_bytes);
  if (file.key_metadata) json.Set("key-metadata", *file.key_metadata);
  return json.Set("blob-metadata", std::move(blobs));
}

Result<StatisticsFile> StatisticsFileFromJson(const JsonAt& at) {
  StatisticsFile file;
  CRANNOG_ASSIGN(file.snapshot_id, at.Long("snapshot-id"));
  CRANNOG_ASSIGN(file.statistics_path, at.String("statistics-path"));
  CRANNOG_ASSIGN(file.file_size_in_bytes, at.Long("file-size-in-bytes"));
  CRANNOG_ASSIGN(file.file_footer_size_in_bytes, at.Long("file-footer-size-in-bytes"));
  CRANNOG_ASSIGN(file.key_metadata, at.StringIfAny("key-metadata"));
  CRANNOG_ASSIGN(const JsonAt blobs, at.Member("blob-metadata"));
  CRANNOG_ASSIGN(const size_t size, blobs.ArraySize());
  for (size_t i = 0; i < size; ++i) {
    CRANNOG_ASSIGN(auto blob, BlobFromJson(blobs.At(i)));
    file.blob_metadata.push_back(std::move(blob));
  }
  return file;
}

Json PartitionStatisticsFileToJson(const PartitionStatisticsFile& file) {
  return Json::NewObject()
      .Set("snapshot-id", file.snapshot_id)
      .Set("statistics-path", file.statistics_path)
      .Set("file-size-in-bytes", file.file_size_in_bytes);
}

Result<PartitionStatisticsFile> PartitionStatisticsFileFromJson(const JsonAt& at) {
  PartitionStatisticsFile file;
  CRANNOG_ASSIGN(file.snapshot_id, at.Long("snapshot-id"));
  CRANNOG_ASSIGN(file.statistics_path, at.String("statistics-path"));
  CRANNOG_ASSIGN(file.file_size_in_bytes, at.Long("file-size-in-bytes"));
  return file;
}

Json EncryptedKeyToJson(const EncryptedKey& key) {
  Json json = Json::NewObject();
  json.Set("key-id", key.key_id).Set("encrypted-key-metadata", key.encrypted_key_metadata);
  if (key.encrypted_by_id) json.Set("encrypted-by-id", *key.encrypted_by_id);
  if (!key.properties.empty()) json.Set("properties", StringMapToJson(key.properties));
  return json;
}

Result<EncryptedKey> EncryptedKeyFromJson(const JsonAt& at) {
  EncryptedKey key;
  CRANNOG_ASSIGN(key.key_id, at.String("key-id"));
  CRANNOG_ASSIGN(key.encrypted_key_metadata, at.String("encrypted-key-metadata"));
  CRANNOG_ASSIGN(key.encrypted_by_id, at.StringIfAny("encrypted-by-id"));
  if (const auto properties = at.MemberIfAny("properties")) {
    CRANNOG_ASSIGN(key.properties, properties->AsStringMap());
  }
  return key;
}

}  // namespace crannog::table::iceberg
