// Statistics files and encryption keys as table metadata lists them. Specification: "Table
// Statistics", "Partition Statistics", "Encryption Keys".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "codec/json.h"
#include "codec/json_at.h"

namespace crannog::table::iceberg {

struct StatisticsBlob {
  std::string type;
  int64_t snapshot_id = 0;
  int64_t sequence_number = 0;
  std::vector<int32_t> fields;
  std::map<std::string, std::string> properties;

  friend bool operator==(const StatisticsBlob& a, const StatisticsBlob& b) = default;
};

struct StatisticsFile {
  int64_t snapshot_id = 0;
  std::string statistics_path;
  int64_t file_size_in_bytes = 0;
  int64_t file_footer_size_in_bytes = 0;
  std::optional<std::string> key_metadata;
  std::vector<StatisticsBlob> blob_metadata;

  friend bool operator==(const StatisticsFile& a, const StatisticsFile& b) = default;
};

struct PartitionStatisticsFile {
  int64_t snapshot_id = 0;
  std::string statistics_path;
  int64_t file_size_in_bytes = 0;

  friend bool operator==(const PartitionStatisticsFile& a,
                         const PartitionStatisticsFile& b) = default;
};

struct EncryptedKey {
  std::string key_id;
  std::string encrypted_key_metadata;  // base64, kept as it is
  std::optional<std::string> encrypted_by_id;
  std::map<std::string, std::string> properties;

  friend bool operator==(const EncryptedKey& a, const EncryptedKey& b) = default;
};

codec::Json StatisticsFileToJson(const StatisticsFile& file);
Result<StatisticsFile> StatisticsFileFromJson(const codec::JsonAt& at);
codec::Json PartitionStatisticsFileToJson(const PartitionStatisticsFile& file);
Result<PartitionStatisticsFile> PartitionStatisticsFileFromJson(const codec::JsonAt& at);
codec::Json EncryptedKeyToJson(const EncryptedKey& key);
Result<EncryptedKey> EncryptedKeyFromJson(const codec::JsonAt& at);

}  // namespace crannog::table::iceberg
