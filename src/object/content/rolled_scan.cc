#include "object/content/rolled_scan.h"

#include <memory>

#include "base/ordered_key.h"

namespace crannog::object {

std::string_view CommonPrefixOf(std::string_view key, std::string_view prefix,
                                std::string_view delimiter) {
  if (delimiter.empty() || key.size() < prefix.size()) return {};
  const size_t at = key.find(delimiter, prefix.size());
  if (at == std::string_view::npos) return {};
  return key.substr(0, at + delimiter.size());
}

std::string RowAfter(const RolledScan& scan, std::string_view key) {
  const bool is_common_prefix =
      key.starts_with(scan.prefix) && CommonPrefixOf(key, scan.prefix, scan.delimiter) == key;
  if (is_common_prefix && !key.empty()) return PrefixEnd(scan.row_prefix(key));
  // A NUL follows the key in its rows, and no other key's rows come before this.
  return scan.row_prefix(key) + '\x01';
}

Result<bool> Run(const RolledScan& scan, const state::Reader& state) {
  state::ScanOptions range;
  range.begin = scan.begin;
  range.end = scan.end;
  CRANNOG_ASSIGN(const std::unique_ptr<state::Cursor> cursor, state.Scan(scan.table, range));
  size_t count = 0;
  CRANNOG_ASSIGN(bool more, cursor->Next());
  while (more) {
    CRANNOG_ASSIGN(const std::optional<std::string_view> key, scan.key_of_row(cursor->key()));
    if (!key) {
      CRANNOG_ASSIGN(more, cursor->Next());
      continue;
    }
    if (count == scan.count_max) return true;
    ++count;
    const std::string common(CommonPrefixOf(*key, scan.prefix, scan.delimiter));
    if (common.empty()) {
      CRANNOG_RETURN_IF_ERROR(scan.on_row(cursor->key(), cursor->value()));
      CRANNOG_ASSIGN(more, cursor->Next());
      continue;
    }
    scan.on_common_prefix(common);
    const std::string beyond = PrefixEnd(scan.row_prefix(common));
    if (beyond.empty() || (!scan.end.empty() && beyond >= scan.end)) return false;
    // One seek, however many objects lie under the prefix.
    CRANNOG_ASSIGN(more, cursor->Seek(beyond));
  }
  return false;
}

}  // namespace crannog::object
