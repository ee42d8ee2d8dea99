#include "catalog/operation.h"

namespace crannog::catalog {

Operation Operation::Put(ContentKey key, Content content) {
  Operation operation;
  operation.kind = OperationKind::kPut;
  operation.key = std::move(key);
  operation.content = std::move(content);
  return operation;
}

Operation Operation::Create(ContentKey key, ContentBody body) {
  return Put(std::move(key), Content{.id = {}, .body = std::move(body)});
}

Operation Operation::Delete(ContentKey key) {
  Operation operation;
  operation.kind = OperationKind::kDelete;
  operation.key = std::move(key);
  return operation;
}

Operation Operation::Unchanged(ContentKey key) {
  Operation operation = Delete(std::move(key));
  operation.kind = OperationKind::kUnchanged;
  return operation;
}

Operation Operation::Rename(ContentKey from, ContentKey to) {
  Operation operation = Delete(std::move(from));
  operation.kind = OperationKind::kRename;
  operation.to = std::move(to);
  return operation;
}

}  // namespace crannog::catalog
