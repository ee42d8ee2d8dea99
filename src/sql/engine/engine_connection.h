// One connection: our own statements here, everything else to the engine.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/content.h"
#include "catalog/content_key.h"
#include "catalog/reference.h"
#include "duckdb/main/connection.hpp"
#include "sql/connection.h"
#include "sql/engine/lake/branch_statement.h"
#include "sql/engine/lake/token.h"
#include "table/iceberg/metadata_builder.h"

namespace crannog::sql::engine {

class EngineDatabase;

class EngineConnection final : public Connection {
 public:
  explicit EngineConnection(EngineDatabase& database);

  Result<std::vector<std::string>> Split(std::string_view text) override;
  Result<std::unique_ptr<Rows>> Execute(std::string_view statement) override;
  std::string reference() const override { return reference_; }
  Status UseReference(std::string_view name) override;
  std::vector<std::string> Complete(std::string_view text) override;
  void Interrupt() override { connection_.Interrupt(); }
  double progress() const override;

 private:
  Result<std::unique_ptr<Rows>> RunBranch(const BranchStatement& statement);
  Result<std::unique_ptr<Rows>> Register(const std::vector<Token>& tokens);
  Result<std::unique_ptr<Rows>> DropPurging(std::string_view statement,
                                            const std::vector<Token>& tokens);
  struct FoundTable {
    std::string reference;
    catalog::ContentKey key;
    catalog::ContentId id;
    table::iceberg::TableMetadataPtr table;
  };
  Result<std::optional<FoundTable>> FindTable(const std::string& name);
  Status CheckPurge(const FoundTable& found);
  Status CheckPurgeOn(const catalog::Reference& reference, const FoundTable& found);
  Result<std::unique_ptr<Rows>> RunInEngine(const std::string& statement);
  // Names such as "lake@dev" are catalogs once their branch is attached.
  void AttachMentioned(const std::vector<Token>& tokens);

  EngineDatabase& database_;
  mutable duckdb::Connection connection_;
  std::string reference_;
};

}  // namespace crannog::sql::engine
