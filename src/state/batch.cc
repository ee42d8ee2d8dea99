#include "state/batch.h"

#include <utility>

#include "base/check.h"
#include "state/batch_internal.h"

namespace crannog::state {
namespace {

void Add(Batch::Impl& impl, Table table, ChangeKind kind, std::string_view key,
         std::string_view value) {
  CRANNOG_CHECK(table < Table::kCount);
  impl.changes.push_back({table, kind, impl.bytes.size(), key.size(), value.size()});
  impl.bytes.append(key).append(value);
}

}  // namespace

Batch::Batch() : impl_(std::make_unique<Impl>()) {}
Batch::~Batch() = default;

// Swapped rather than moved, so that the other one still has something to be used with.
Batch::Batch(Batch&& other) noexcept : Batch() { std::swap(impl_, other.impl_); }

Batch& Batch::operator=(Batch&& other) noexcept {
  if (this == &other) return *this;
  std::swap(impl_, other.impl_);
  other.Clear();
  return *this;
}

void Batch::Put(Table table, std::string_view key, std::string_view value) {
  Add(*impl_, table, ChangeKind::kPut, key, value);
}

void Batch::Delete(Table table, std::string_view key) {
  Add(*impl_, table, ChangeKind::kDelete, key, {});
}

void Batch::DeleteRange(Table table, std::string_view begin, std::string_view end) {
  Add(*impl_, table, ChangeKind::kDeleteRange, begin, end);
}

void Batch::Append(const Batch& other) {
  // Counted first: a batch may be added to itself.
  const size_t count = other.impl_->changes.size();
  const size_t offset = impl_->bytes.size();
  impl_->changes.reserve(impl_->changes.size() + count);
  for (size_t i = 0; i < count; ++i) {
    Change change = other.impl_->changes[i];
    change.offset += offset;
    impl_->changes.push_back(change);
  }
  impl_->bytes += std::string(other.impl_->bytes);
}

void Batch::Clear() {
  impl_->changes.clear();
  impl_->bytes.clear();
}

size_t Batch::count() const { return impl_->changes.size(); }
size_t Batch::size_bytes() const { return impl_->bytes.size(); }

}  // namespace crannog::state
