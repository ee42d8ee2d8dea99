// What one request, one name and one object of the catalog may be at most.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crannog::catalog {

// Content keys. Both are Nessie's.
inline constexpr size_t kKeyElementsMax = 20;
inline constexpr size_t kKeyBytesMax = 500;
inline constexpr size_t kReferencesMax = 1'000'000;

// Commits.
inline constexpr size_t kOperationsMax = 100'000;
inline constexpr size_t kMessageBytesMax = 64 << 10;
inline constexpr size_t kMetaEntriesMax = 1000;
inline constexpr size_t kContentBytesMax = 1 << 20;
inline constexpr size_t kCommitBytesMax = 64 << 20;
inline constexpr size_t kTransplantCommitsMax = 10'000;

// Answers.
inline constexpr size_t kPageEntriesMax = 100'000;

// Commits between two stored trees on one line of history (docs/formats/catalog.md, Trees).
inline constexpr uint32_t kTreeLagMax = 64;
inline constexpr size_t kTreeLagOperationsMax = 512;

// Group commit: what one leader takes into one durable batch.
inline constexpr size_t kGroupRequestsMax = 512;
inline constexpr size_t kGroupOperationsMax = 100'000;

// A lost race of a merge with other commits is played again this often.
inline constexpr int kMergeAttemptsMax = 10;

}  // namespace crannog::catalog
