#include "table/iceberg/spec_update.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace crannog::table::iceberg {

namespace {

bool IsVoid(const PartitionField& field) { return field.transform.kind() == TransformKind::kVoid; }

}  // namespace

SpecUpdate::SpecUpdate(const TableMetadata& table)
    : table_(&table), schema_(table.CurrentSchema()), fields_(table.DefaultSpec()->fields) {}

// The fields as terms, and back with the ids they had in any spec of the table.
Status SpecUpdate::Adopt(const std::vector<UnboundPartitionField>& terms) {
  CRANNOG_ASSIGN(PartitionSpec spec,
                 BindPartitionSpec(
                     *schema_, terms,
                     {table_->format_version, table_->partition_specs, table_->last_partition_id}));
  fields_ = std::move(spec.fields);
  return {};
}

std::vector<UnboundPartitionField> SpecUpdate::Terms() const {
  std::vector<UnboundPartitionField> terms;
  for (const PartitionField& field : fields_) {
    terms.push_back({std::string(schema_->NameOf(field.source_id)), field.transform, field.name});
  }
  return terms;
}

Status SpecUpdate::AddField(const UnboundPartitionField& term) {
  const NestedField* source = schema_->FindByName(term.source_name);
  if (source == nullptr) return Fail(Code::kNotFound, "no column " + term.source_name);
  for (const PartitionField& field : fields_) {
    if (field.source_id == source->id && field.transform == term.transform) {
      return Fail(Code::kExists, "the table is partitioned by " + term.transform.ToString() +
                                     " of " + term.source_name + " already");
    }
    if (!term.name.empty() && field.name == term.name) {
      return Fail(Code::kExists, "partition field " + term.name + " exists");
    }
  }
  std::vector<UnboundPartitionField> terms = Terms();
  terms.push_back(term);
  return Adopt(terms);
}

Status SpecUpdate::Remove(size_t index) {
  std::vector<UnboundPartitionField> terms = Terms();
  if (table_->format_version == 1) {
    // Fields of v1 have no ids: their place tells them apart ("Partition Evolution").
    fields_[index].transform = Transform::Void();
    return {};
  }
  terms.erase(terms.begin() + static_cast<ptrdiff_t>(index));
  return Adopt(terms);
}

Status SpecUpdate::RemoveField(std::string_view name) {
  const auto it = std::ranges::find(fields_, name, &PartitionField::name);
  if (it == fields_.end() || IsVoid(*it)) {
    return Fail(Code::kNotFound, "no partition field " + std::string(name));
  }
  return Remove(static_cast<size_t>(it - fields_.begin()));
}

Status SpecUpdate::RemoveTerm(const UnboundPartitionField& term) {
  const NestedField* source = schema_->FindByName(term.source_name);
  if (source == nullptr) return Fail(Code::kNotFound, "no column " + term.source_name);
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].source_id == source->id && fields_[i].transform == term.transform) {
      return Remove(i);
    }
  }
  return Fail(Code::kNotFound, "the table is not partitioned by " + term.transform.ToString() +
                                   " of " + term.source_name);
}

Status SpecUpdate::RenameField(std::string_view name, std::string_view new_name) {
  std::vector<UnboundPartitionField> terms = Terms();
  const auto it = std::ranges::find(terms, name, &UnboundPartitionField::name);
  if (it == terms.end()) return Fail(Code::kNotFound, "no partition field " + std::string(name));
  if (name == new_name) return {};
  if (std::ranges::find(terms, new_name, &UnboundPartitionField::name) != terms.end()) {
    return Fail(Code::kExists, "partition field " + std::string(new_name) + " exists");
  }
  it->name = new_name;
  return Adopt(terms);
}

Status SpecUpdate::Replace(const std::vector<UnboundPartitionField>& terms) { return Adopt(terms); }

bool SpecUpdate::changed() const { return fields_ != table_->DefaultSpec()->fields; }

std::vector<TableUpdate> SpecUpdate::Updates() const {
  if (!changed()) return {};
  int32_t next_id = 0;
  for (const PartitionSpecPtr& spec : table_->partition_specs) {
    next_id = std::max(next_id, spec->spec_id + 1);
  }
  return {AddSpec{PartitionSpec{next_id, fields_}}, SetDefaultSpec{kLastAdded}};
}

}  // namespace crannog::table::iceberg
