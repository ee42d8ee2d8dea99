#include "catalog/tree/tree_edit.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <set>

#include "base/check.h"
#include "catalog/tree/tree.h"
#include "io/sim_file_system.h"

namespace crannog::catalog::tree {
namespace {

using Entries = std::map<std::string, std::string>;

NodeId Edit(NodeStage& stage, const NodeId& root,
            const std::map<std::string, std::optional<std::string>>& changes) {
  std::vector<TreeEdit> edits;
  for (const auto& [key, value] : changes) edits.push_back({key, value});
  const auto edited = EditTree(stage, root, edits);
  CRANNOG_CHECK(edited.has_value());
  return *edited;
}

NodeId Build(NodeStage& stage, const Entries& entries) {
  return Edit(stage, NodeId(), {entries.begin(), entries.end()});
}

class TreeEditTest : public ::testing::Test {
 protected:
  static std::unique_ptr<state::Store> OpenOn(io::SimFileSystem& disk) {
    state::StoreOptions options;
    options.directory = "lake/state";
    options.file_system = &disk;
    auto store = state::Store::Open(options);
    CRANNOG_CHECK(store.has_value());
    return *std::move(store);
  }

  io::SimFileSystem disk_;
  std::unique_ptr<state::Store> state_ = OpenOn(disk_);
  NodeStore store_{*state_, 64 << 20};
  NodeStage stage_{store_};
};

// However a tree came about, its root is that of one built from its entries at once.
TEST_F(TreeEditTest, ShapeFollowsContent) {
  std::mt19937_64 random(42);
  Entries entries;
  NodeId root;
  for (int round = 0; round < 300; ++round) {
    std::map<std::string, std::optional<std::string>> changes;
    const size_t count = 1 + random() % (round % 10 == 0 ? 400 : 8);
    for (size_t i = 0; i < count; ++i) {
      const std::string key = "key" + std::to_string(random() % 3000);
      const bool removes = random() % 100 < (round % 60 < 30 ? 30u : 80u);
      changes[key] = removes ? std::nullopt : std::optional("v" + std::to_string(random() % 10));
    }
    for (const auto& [key, value] : changes) {
      entries.erase(key);
      if (value) entries.emplace(key, *value);
    }
    const NodeId before = root;
    root = Edit(stage_, root, changes);
    ASSERT_EQ(root, Build(stage_, entries)) << "round " << round;
    TreeCursor cursor(stage_, root);
    Entries read;
    auto more = cursor.Seek("");
    for (; more && *more; more = cursor.Next()) read.emplace(cursor.key(), cursor.value());
    ASSERT_TRUE(more);
    ASSERT_EQ(read, entries);
    std::set<std::string> differing;
    ASSERT_TRUE(
        DiffTrees(stage_, before, root, "", [&](const TreeDifference& difference) -> Result<bool> {
          EXPECT_TRUE(changes.contains(std::string(difference.key)));
          EXPECT_NE(difference.from, difference.to);
          differing.emplace(difference.key);
          return true;
        }));
    for (const auto& [key, value] : changes) {
      const auto then = *FindInTree(stage_, before, key);
      const auto now = *FindInTree(stage_, root, key);
      const bool differs = (then ? std::optional(then->bytes) : std::nullopt) !=
                           (now ? std::optional(now->bytes) : std::nullopt);
      EXPECT_EQ(differing.contains(key), differs) << key;
    }
  }
}

// One changed key of many costs a path, not the tree.
TEST_F(TreeEditTest, EditsShareWhatStays) {
  Entries entries;
  for (int i = 0; i < 20'000; ++i)
    entries["table" + std::to_string(100'000 + i)] = std::string(100, 'x');
  const NodeId root = Build(stage_, entries);
  const size_t before = stage_.nodes().size();
  const NodeId edited = Edit(stage_, root, {{"table107777", "changed"}});
  EXPECT_NE(edited, root);
  EXPECT_LE(stage_.nodes().size() - before, 8u);
  size_t visited = 0;
  ASSERT_TRUE(VisitNewNodes(stage_, root, edited, [&](const NodeId&) { ++visited; }));
  EXPECT_EQ(visited, stage_.nodes().size() - before);
}

TEST_F(TreeEditTest, EmptyingGivesTheEmptyTree) {
  const NodeId root = Build(stage_, {{"a", "1"}, {"b", "2"}});
  EXPECT_TRUE(Edit(stage_, root, {{"a", std::nullopt}, {"b", std::nullopt}}).IsEmptyTree());
}

// Across the lengths at which a varint grows.
TEST(NodeTest, MadeAsDecoded) {
  for (const size_t value_bytes : {1u, 127u, 128u, 16383u, 16384u}) {
    for (const size_t count : {1u, 2u, 127u, 128u}) {
      std::vector<std::string> keys;
      for (size_t i = 0; i < count; ++i) {
        keys.push_back(std::to_string(1000 + i) + std::string(i * 3, 'k'));
      }
      const std::string value(value_bytes, 'v');
      std::vector<NodeEntry> entries;
      for (const std::string& key : keys) entries.push_back({key, value});
      const NodePtr made = Node::Make(0, entries);
      const auto decoded = Node::Decode(made->bytes());
      ASSERT_TRUE(decoded) << decoded.error().ToString();
      ASSERT_EQ(made->entries().size(), count);
      for (size_t i = 0; i < count; ++i) {
        EXPECT_EQ(made->entries()[i].key, (*decoded)->entries()[i].key);
        EXPECT_EQ(made->entries()[i].value, (*decoded)->entries()[i].value);
      }
    }
  }
}

}  // namespace
}  // namespace crannog::catalog::tree
