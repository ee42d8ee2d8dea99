#include "object/reader.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "object/content/content_pins.h"
#include "object/piece_files.h"

namespace crannog::object {

Reader::Reader() = default;
Reader::~Reader() = default;

Result<size_t> Reader::ReadAt(uint64_t offset_bytes, std::span<char> to) const {
  if (offset_bytes >= info_.size_bytes) return 0;
  // The last extent that starts at or before the offset.
  auto it = std::ranges::upper_bound(extents_, offset_bytes, {}, &Extent::offset_bytes);
  CRANNOG_CHECK(it != extents_.begin());
  --it;
  size_t done = 0;
  for (; it != extents_.end() && done < to.size(); ++it) {
    const Extent& extent = *it;
    const uint64_t within = offset_bytes + done - extent.offset_bytes;
    const uint64_t left = extent.size_bytes - within;
    const size_t size = static_cast<size_t>(std::min<uint64_t>(left, to.size() - done));
    if (extent.path.empty()) {
      std::memcpy(to.data() + done, extent.bytes.data() + within, size);
    } else {
      CRANNOG_ASSIGN(const std::shared_ptr<io::File> file, files_->FileOf(extent));
      CRANNOG_ASSIGN(const size_t got, file->ReadAt(within, to.subspan(done, size)));
      if (got != size) {
        return Fail(Code::kCorrupt, "read " + info_.key + ": " + extent.path + " is shorter than " +
                                        std::to_string(extent.size_bytes) + " bytes");
      }
    }
    done += size;
  }
  return done;
}

}  // namespace crannog::object
