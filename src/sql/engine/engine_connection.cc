#include "sql/engine/engine_connection.h"

#include <utility>

#include "duckdb/common/vector_operations/vector_operations.hpp"
#include "duckdb/main/client_context.hpp"
#include "duckdb/main/query_result.hpp"
#include "duckdb/parser/keyword_helper.hpp"
#include "duckdb/parser/qualified_name.hpp"
#include "sql/engine/engine_database.h"
#include "sql/engine/lake/branch_actions.h"
#include "sql/engine/lake/errors.h"
#include "sql/engine/table_entry.h"
#include "sql/engine/transaction.h"

namespace crannog::sql::engine {
namespace {

constexpr std::string_view kCatalogPrefix = "lake@";
constexpr size_t kPurgePageFiles = 1000;
constexpr size_t kSuggestionsMax = 200;
constexpr size_t kFirstWordMax = 1000;

ValueKind KindOf(const duckdb::LogicalType& type) {
  using duckdb::LogicalTypeId;
  if (type.id() == LogicalTypeId::BOOLEAN) return ValueKind::kBoolean;
  if (type.IsNumeric()) return ValueKind::kNumber;
  if (type.IsNested()) return ValueKind::kNested;
  if (type.id() == LogicalTypeId::BLOB) return ValueKind::kBinary;
  return type.IsTemporal() ? ValueKind::kTime : ValueKind::kText;
}

AnswerKind KindOf(duckdb::StatementReturnType type) {
  switch (type) {
    case duckdb::StatementReturnType::QUERY_RESULT:
      return AnswerKind::kRows;
    case duckdb::StatementReturnType::CHANGED_ROWS:
      return AnswerKind::kChanged;
    default:
      return AnswerKind::kNothing;
  }
}

class EngineRows final : public Rows {
 public:
  EngineRows(duckdb::Connection& connection, duckdb::unique_ptr<duckdb::QueryResult> result)
      : connection_(connection), result_(std::move(result)) {
    for (size_t i = 0; i < result_->names.size(); ++i)
      columns_.push_back(
          {result_->names[i], result_->types[i].ToString(), KindOf(result_->types[i])});
  }
  AnswerKind kind() const override {
    // CREATE TABLE AS answers with the number of rows, though the engine calls it nothing.
    const bool counts = result_->statement_type == duckdb::StatementType::CREATE_STATEMENT &&
                        columns_.size() == 1 && columns_[0].name == "Count";
    return counts ? AnswerKind::kChanged : KindOf(result_->properties.return_type);
  }
  const std::vector<Column>& columns() const override { return columns_; }

  Result<bool> Next(RowBatch& batch) override {
    try {
      auto chunk = result_->Fetch();
      if (result_->HasError()) return std::unexpected(ToError(result_->GetErrorObject()));
      if (!chunk || chunk->size() == 0) return false;
      FillText(*chunk, batch);
      return true;
    } catch (const std::exception& exception) {
      return std::unexpected(ToError(exception));
    }
  }

 private:
  void FillText(duckdb::DataChunk& chunk, RowBatch& batch) {
    batch.rows.assign(chunk.size(), {});
    for (auto& row : batch.rows) row.resize(chunk.ColumnCount());
    for (duckdb::idx_t c = 0; c < chunk.ColumnCount(); ++c) {
      duckdb::Vector text(duckdb::LogicalType::VARCHAR, chunk.size());
      duckdb::VectorOperations::Cast(*connection_.context, chunk.data[c], text, chunk.size());
      duckdb::UnifiedVectorFormat format;
      text.ToUnifiedFormat(chunk.size(), format);
      const auto* cells = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(format);
      for (duckdb::idx_t r = 0; r < chunk.size(); ++r) {
        const auto at = format.sel->get_index(r);
        if (format.validity.RowIsValid(at)) batch.rows[r][c] = cells[at].GetString();
      }
    }
  }

  duckdb::Connection& connection_;
  duckdb::unique_ptr<duckdb::QueryResult> result_;
  std::vector<Column> columns_;
};

// The engine's parser would stop at a zero byte and run what stands before it.
Status CheckText(std::string_view text) {
  const size_t zero = text.find('\0');
  if (zero == std::string_view::npos) return {};
  return Fail(Code::kInvalid, "the statement has a zero byte at offset " + std::to_string(zero));
}

// "schema.table" or "table" as a key.
Result<catalog::ContentKey> KeyOf(const std::string& name) {
  CRANNOG_ASSIGN(auto key, NamespaceKey(name));
  if (key.size() > 1) return key;
  CRANNOG_ASSIGN(auto schema, NamespaceKey(kDefaultSchema));
  return schema.Child(key.name());
}

}  // namespace

EngineConnection::EngineConnection(EngineDatabase& database)
    : database_(database), connection_(database.engine()) {}

Result<std::vector<std::string>> EngineConnection::Split(std::string_view text) {
  CRANNOG_RETURN_IF_ERROR(CheckText(text));
  return SplitStatements(text);
}

Status EngineConnection::UseReference(std::string_view name) {
  const std::string reference(name);
  CRANNOG_RETURN_IF_ERROR(database_.Attach(reference));
  const auto quoted = duckdb::KeywordHelper::WriteQuoted(CatalogName(reference), '"');
  CRANNOG_ASSIGN(auto rows, RunInEngine("USE " + quoted + "." + std::string(kDefaultSchema)));
  reference_ = reference;
  return {};
}

void EngineConnection::AttachMentioned(const std::vector<Token>& tokens) {
  for (const auto& token : tokens)
    if (token.kind == Token::Kind::kQuoted && token.text.starts_with(kCatalogPrefix))
      // A name that is no reference is left to the engine, which says that there is none.
      (void)database_.Attach(token.text.substr(kCatalogPrefix.size()));
}

Result<std::unique_ptr<Rows>> EngineConnection::Execute(std::string_view statement) {
  CRANNOG_RETURN_IF_ERROR(CheckText(statement));
  const auto tokens = Tokenize(statement);
  CRANNOG_ASSIGN(auto branch, ParseBranchStatement(tokens));
  if (branch) return RunBranch(*branch);
  if (tokens.size() > 2 && tokens[0].Is("CALL") && tokens[1].Is("register_table"))
    return Register(tokens);
  if (tokens.size() > 3 && tokens[0].Is("DROP") && tokens[1].Is("TABLE") &&
      tokens.back().Is("PURGE"))
    return DropPurging(statement, tokens);
  AttachMentioned(tokens);
  return RunInEngine(std::string(statement));
}

Result<std::unique_ptr<Rows>> EngineConnection::RunInEngine(const std::string& statement) {
  try {
    // A streamed EXPLAIN ANALYZE would be shown before there is anything to tell.
    const auto first = Tokenize(statement.substr(0, kFirstWordMax));
    duckdb::unique_ptr<duckdb::QueryResult> result;
    if (!first.empty() && first[0].Is("EXPLAIN")) {
      result = connection_.Query(statement);
    } else {
      result = connection_.SendQuery(statement);
    }
    if (result->HasError()) return std::unexpected(ToError(result->GetErrorObject()));
    return std::make_unique<EngineRows>(connection_, std::move(result));
  } catch (const std::exception& exception) {
    return std::unexpected(ToError(exception));
  }
}

Result<std::unique_ptr<Rows>> EngineConnection::RunBranch(const BranchStatement& statement) {
  const bool changes = statement.kind < BranchStatement::Kind::kShowBranches;
  if (changes && !connection_.IsAutoCommit())
    return Fail(Code::kInvalid,
                "branches and tags change at once, not within a transaction: COMMIT first");
  CRANNOG_ASSIGN(auto rows, RunBranchStatement(database_.repository(), statement, reference_));
  if (statement.kind == BranchStatement::Kind::kUse)
    CRANNOG_RETURN_IF_ERROR(UseReference(statement.name));
  return rows;
}

// CALL register_table('schema.table', 'file:///.../v3.metadata.json')
Result<std::unique_ptr<Rows>> EngineConnection::Register(const std::vector<Token>& tokens) {
  std::vector<std::string> arguments;
  for (const auto& token : tokens)
    if (token.kind == Token::Kind::kString) arguments.push_back(token.text);
  if (arguments.size() != 2)
    return Fail(Code::kInvalid, "register_table takes the table and its metadata file as text");
  CRANNOG_ASSIGN(auto key, KeyOf(arguments[0]));
  const bool own = connection_.IsAutoCommit();
  try {
    if (own) connection_.BeginTransaction();
    auto& client = *connection_.context;
    auto& catalog = duckdb::Catalog::GetCatalog(client, CatalogName(reference_));
    duckdb::MetaTransaction::Get(client).ModifyDatabase(
        catalog.GetAttached(),
        duckdb::DatabaseModificationType(duckdb::DatabaseModificationType::CREATE_CATALOG_ENTRY));
    auto& transaction = LakeTransaction::Get(client, catalog);
    auto status = [&]() -> Status {
      CRANNOG_ASSIGN(const auto* there, transaction.Find(key));
      if (there) return Fail(Code::kExists, "register " + key.ToString() + ": it exists already");
      CRANNOG_RETURN_IF_ERROR(transaction.RegisterTable(key, arguments[1]));
      transaction.ForgetEntries();
      return {};
    }();
    if (!status && own) connection_.Rollback();
    CRANNOG_RETURN_IF_ERROR(status);
    if (own) connection_.Commit();
  } catch (const std::exception& exception) {
    if (own && connection_.HasActiveTransaction()) connection_.Rollback();
    return std::unexpected(ToError(exception));
  }
  return MakeRows(AnswerKind::kNothing, {}, {});
}

// DROP TABLE name PURGE: the files go with the table, unless another reference still has it.
Result<std::unique_ptr<Rows>> EngineConnection::DropPurging(std::string_view statement,
                                                            const std::vector<Token>& tokens) {
  if (!connection_.IsAutoCommit())
    return Fail(Code::kInvalid, "DROP .. PURGE cannot be rolled back: COMMIT first");
  const size_t name_at = tokens[2].Is("IF") ? 4 : 2;
  if (name_at + 1 >= tokens.size()) return Fail(Code::kInvalid, "DROP TABLE .. PURGE: of what?");
  const size_t start = tokens[name_at].offset;
  CRANNOG_ASSIGN(
      auto found,
      FindTable(std::string(statement.substr(start, tokens[tokens.size() - 2].end - start))));
  std::string location;
  if (found) {
    CRANNOG_RETURN_IF_ERROR(CheckPurge(*found));
    location = found->table->location + "/";
  }
  CRANNOG_ASSIGN(auto rows, RunInEngine(std::string(statement.substr(0, tokens.back().offset))));
  while (!location.empty()) {
    CRANNOG_ASSIGN(auto page, database_.files().List(location, "", kPurgePageFiles));
    if (page.empty()) break;
    for (const auto& file : page) CRANNOG_RETURN_IF_ERROR(database_.files().Delete(file.location));
  }
  return rows;
}

// The table that SQL means by `name` here and now; nothing when it is none of the lake's.
Result<std::optional<EngineConnection::FoundTable>> EngineConnection::FindTable(
    const std::string& name) {
  try {
    std::optional<FoundTable> found;
    auto& client = *connection_.context;
    client.RunFunctionInTransaction([&] {
      const auto parsed = duckdb::QualifiedName::Parse(name);
      auto entry = duckdb::Catalog::GetEntry<duckdb::TableCatalogEntry>(
          client, parsed.catalog, parsed.schema, parsed.name, duckdb::OnEntryNotFound::RETURN_NULL);
      auto* table = dynamic_cast<LakeTableEntry*>(entry.get());
      if (!table) return;
      auto& transaction = LakeTransaction::Get(client, table->ParentCatalog());
      const auto* content = Unwrap(transaction.Find(table->key()));
      found = FoundTable{transaction.reference(), table->key(), content->id, table->target().table};
    });
    return found;
  } catch (const std::exception& exception) {
    return std::unexpected(ToError(exception));
  }
}

// Refuses while any reference has the table, under whatever name, or another table whose files lie
// in the same folder.
Status EngineConnection::CheckPurge(const FoundTable& found) {
  auto& repository = database_.repository();
  catalog::ListReferencesRequest request;
  while (true) {
    CRANNOG_ASSIGN(auto page, repository.ListReferences(request));
    for (const auto& reference : page.references)
      CRANNOG_RETURN_IF_ERROR(CheckPurgeOn(reference, found));
    if (!page.next) return {};
    request.after = page.next;
  }
}

Status EngineConnection::CheckPurgeOn(const catalog::Reference& reference,
                                      const FoundTable& found) {
  if (reference.head.IsRoot()) return {};
  catalog::ListEntriesRequest tables;
  tables.kinds = {catalog::ContentKind::kIcebergTable};
  const std::string folder = found.table->location + "/";
  while (true) {
    CRANNOG_ASSIGN(auto page, database_.repository().ListEntries(reference.head, tables));
    for (const auto& entry : page.entries) {
      if (reference.name == found.reference && entry.key == found.key) continue;
      const bool same = entry.content.id == found.id;
      const auto& location = entry.content.As<catalog::IcebergTable>()->metadata_location;
      if (same || location.starts_with(folder))
        return Fail(Code::kPrecondition, "purge " + found.key.ToString() + ": its files are also " +
                                             "those of " + entry.key.ToString() + " on " +
                                             reference.name + "; drop that first");
    }
    if (!page.next) return {};
    tables.after = page.next;
  }
}

std::vector<std::string> EngineConnection::Complete(std::string_view text) {
  size_t start = text.size();
  while (start > 0 &&
         (std::isalnum(static_cast<unsigned char>(text[start - 1])) || text[start - 1] == '_'))
    --start;
  const std::string prefix(text.substr(start));
  std::vector<std::string> words;
  if (prefix.empty() || !connection_.IsAutoCommit()) return words;
  const auto like = duckdb::KeywordHelper::WriteQuoted(prefix, '\'');
  auto result = connection_.Query(
      "SELECT DISTINCT word FROM (SELECT keyword_name AS word FROM duckdb_keywords() UNION ALL "
      "SELECT table_name FROM duckdb_tables() UNION ALL SELECT schema_name FROM duckdb_schemas() "
      "UNION ALL SELECT column_name FROM duckdb_columns()) WHERE starts_with(lower(word), lower(" +
      like + ")) ORDER BY word LIMIT " + std::to_string(kSuggestionsMax));
  if (result->HasError()) return words;
  for (auto& row : *result) words.push_back(row.GetValue<std::string>(0));
  return words;
}

double EngineConnection::progress() const {
  const double percentage = connection_.context->GetQueryProgress().GetPercentage();
  return percentage < 0 ? -1 : percentage / 100;
}

}  // namespace crannog::sql::engine
