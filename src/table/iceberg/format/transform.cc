#include "table/iceberg/format/transform.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/check.h"
#include "table/iceberg/format/calendar.h"

namespace crannog::table::iceberg {
namespace {

constexpr int64_t kMicrosPerHour = 3'600'000'000;

// Murmur3, x86 variant, 32 bits, seed 0.
uint32_t Murmur3(std::string_view bytes) {
  constexpr uint32_t kC1 = 0xcc9e2d51;
  constexpr uint32_t kC2 = 0x1b873593;
  uint32_t hash = 0;
  size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) {
    uint32_t block = 0;
    std::memcpy(&block, bytes.data() + at, sizeof(block));
    block = std::rotl(block * kC1, 15) * kC2;
    hash = std::rotl(hash ^ block, 13) * 5 + 0xe6546b64;
  }
  uint32_t tail = 0;
  for (size_t i = bytes.size(); i > at; --i) {
    tail = (tail << 8) | static_cast<unsigned char>(bytes[i - 1]);
  }
  hash ^= std::rotl(tail * kC1, 15) * kC2;
  hash ^= static_cast<uint32_t>(bytes.size());
  hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
  return hash ^ (hash >> 16);
}

uint32_t HashLong(int64_t value) {
  char bytes[sizeof(value)];
  std::memcpy(bytes, &value, sizeof(value));
  return Murmur3({bytes, sizeof(bytes)});
}

bool IsTimestamp(TypeId id) {
  return id == TypeId::kTimestamp || id == TypeId::kTimestampTz || id == TypeId::kTimestampNs ||
         id == TypeId::kTimestampTzNs;
}

bool IsNanos(TypeId id) { return id == TypeId::kTimestampNs || id == TypeId::kTimestampTzNs; }

int64_t MicrosOf(const Value& value) {
  return IsNanos(value.type_id()) ? FloorDivide(value.integer(), 1000) : value.integer();
}

int64_t DaysOf(const Value& value) {
  if (value.type_id() == TypeId::kDate) return value.integer();
  return FloorDivide(MicrosOf(value), 24 * kMicrosPerHour);
}

Value TruncateText(const Value& value, int32_t width) {
  const std::string_view text = value.bytes();
  if (value.type_id() == TypeId::kBinary) {
    return Value::Binary(std::string(text.substr(0, static_cast<size_t>(width))));
  }
  size_t end = 0;  // a code point ends where the next byte is no continuation
  for (int32_t points = 0; points < width && end < text.size(); ++points) {
    ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  }
  return Value::String(std::string(text.substr(0, end)));
}

template <typename T>
T TruncateNumber(T value, int32_t width) {
  const T w = width;
  return value - (((value % w) + w) % w);
}

Value TruncateValue(const Value& value, int32_t width) {
  switch (value.type_id()) {
    case TypeId::kInt: {
      // Below the least int the reference wraps around; so does this.
      const int64_t cut = TruncateNumber<int64_t>(value.integer(), width);
      return Value::Int(static_cast<int32_t>(static_cast<uint32_t>(cut)));
    }
    case TypeId::kLong: {
      const int64_t remainder = ((value.integer() % width) + width) % width;
      return Value::Long(static_cast<int64_t>(static_cast<uint64_t>(value.integer()) -
                                              static_cast<uint64_t>(remainder)));
    }
    case TypeId::kDecimal:
      return Value::Decimal(TruncateNumber<Int128>(value.unscaled(), width), value.precision(),
                            value.scale());
    default:
      return TruncateText(value, width);
  }
}

// The number between '[' and ']' after `name`; nullopt when the text is something else.
std::optional<int64_t> WidthIn(std::string_view text, std::string_view name) {
  if (!text.starts_with(name)) return std::nullopt;
  text.remove_prefix(name.size());
  if (text.size() < 3 || text.front() != '[' || text.back() != ']') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  int64_t width = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), width);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return width;
}

// How the reference shows raw bytes in paths.
std::string Base64(std::string_view bytes) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) {
      group = (group << 8) | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (size_t j = 0; j < 4; ++j) {
      const bool padding = i + j > bytes.size();
      text += padding ? '=' : kLetters[(group >> (18 - 6 * j)) & 63];
    }
  }
  return text;
}

}  // namespace

int32_t BucketHash(const Value& value) {
  CRANNOG_CHECK(!value.is_null());
  switch (value.type_id()) {
    case TypeId::kFloat:
    case TypeId::kDouble: {
      const double number = value.number() == 0 ? 0.0 : value.number();
      const int64_t bits = std::isnan(number) ? 0x7ff8000000000000 : std::bit_cast<int64_t>(number);
      return static_cast<int32_t>(HashLong(bits));
    }
    case TypeId::kDecimal:
      return static_cast<int32_t>(Murmur3(EncodeBinary(value)));
    case TypeId::kBoolean:
    case TypeId::kInt:
    case TypeId::kLong:
    case TypeId::kDate:
    case TypeId::kTime:
      return static_cast<int32_t>(HashLong(value.integer()));
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
    case TypeId::kTimestampNs:
    case TypeId::kTimestampTzNs:
      return static_cast<int32_t>(HashLong(MicrosOf(value)));
    default:
      return static_cast<int32_t>(Murmur3(value.bytes()));
  }
}

Result<Transform> Transform::Parse(std::string_view text) {
  // Old writers used upper case.
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (const auto kind : {TransformKind::kIdentity, TransformKind::kYear, TransformKind::kMonth,
                          TransformKind::kDay, TransformKind::kHour, TransformKind::kVoid}) {
    const Transform known(kind, 0);
    if (known.ToString() == lower) return known;
  }
  for (const auto kind : {TransformKind::kBucket, TransformKind::kTruncate}) {
    const auto width = WidthIn(lower, kind == TransformKind::kBucket ? "bucket" : "truncate");
    if (!width) continue;
    if (*width < 1 || *width > INT32_MAX) {
      return Fail(Code::kCorrupt, fmt::format("transform \"{}\": the width is at least 1", text));
    }
    return Transform(kind, static_cast<int32_t>(*width));
  }
  Transform unknown(TransformKind::kUnknown, 0);
  unknown.unknown_ = text;
  return unknown;
}

std::string Transform::ToString() const {
  switch (kind_) {
    case TransformKind::kIdentity:
      return "identity";
    case TransformKind::kBucket:
      return fmt::format("bucket[{}]", width_);
    case TransformKind::kTruncate:
      return fmt::format("truncate[{}]", width_);
    case TransformKind::kYear:
      return "year";
    case TransformKind::kMonth:
      return "month";
    case TransformKind::kDay:
      return "day";
    case TransformKind::kHour:
      return "hour";
    case TransformKind::kVoid:
      return "void";
    case TransformKind::kUnknown:
      return unknown_;
  }
  return "";
}

bool Transform::CanApply(const Type& source) const {
  const TypeId id = source.id();
  const bool geo = id == TypeId::kGeometry || id == TypeId::kGeography;
  switch (kind_) {
    case TransformKind::kIdentity:
      return source.is_primitive() && !geo && id != TypeId::kVariant && id != TypeId::kUnknown;
    case TransformKind::kBucket:
      return id == TypeId::kInt || id == TypeId::kLong || id == TypeId::kDecimal ||
             id == TypeId::kDate || id == TypeId::kTime || IsTimestamp(id) ||
             id == TypeId::kString || id == TypeId::kUuid || id == TypeId::kFixed ||
             id == TypeId::kBinary;
    case TransformKind::kTruncate:
      return id == TypeId::kInt || id == TypeId::kLong || id == TypeId::kDecimal ||
             id == TypeId::kString || id == TypeId::kBinary;
    case TransformKind::kYear:
    case TransformKind::kMonth:
    case TransformKind::kDay:
      return id == TypeId::kDate || IsTimestamp(id);
    case TransformKind::kHour:
      return IsTimestamp(id);
    case TransformKind::kVoid:
      return true;
    case TransformKind::kUnknown:
      return false;
  }
  return false;
}

Type Transform::ResultType(const Type& source) const {
  switch (kind_) {
    case TransformKind::kBucket:
    case TransformKind::kYear:
    case TransformKind::kMonth:
    case TransformKind::kHour:
      return TypeId::kInt;
    case TransformKind::kDay:
      return TypeId::kDate;
    case TransformKind::kUnknown:
      return TypeId::kString;
    default:
      return source;
  }
}

Value Transform::Apply(const Value& value) const {
  if (value.is_null() || kind_ == TransformKind::kVoid || kind_ == TransformKind::kUnknown) {
    return Value();
  }
  CRANNOG_CHECK(CanApply(value.type()));
  switch (kind_) {
    case TransformKind::kBucket:
      return Value::Int((BucketHash(value) & INT32_MAX) % width_);
    case TransformKind::kTruncate:
      return TruncateValue(value, width_);
    case TransformKind::kYear:
      return Value::Int(static_cast<int32_t>(CivilOfDays(DaysOf(value)).year - 1970));
    case TransformKind::kMonth: {
      const CivilDay civil = CivilOfDays(DaysOf(value));
      return Value::Int(static_cast<int32_t>((civil.year - 1970) * 12 + civil.month - 1));
    }
    case TransformKind::kDay:
      return Value::Date(static_cast<int32_t>(DaysOf(value)));
    case TransformKind::kHour:
      return Value::Int(static_cast<int32_t>(FloorDivide(MicrosOf(value), kMicrosPerHour)));
    default:
      return value;
  }
}

bool Transform::PreservesOrder() const {
  return kind_ != TransformKind::kBucket && kind_ != TransformKind::kVoid &&
         kind_ != TransformKind::kUnknown;
}

bool Transform::SatisfiesOrderOf(const Transform& other) const {
  if (*this == other) return kind_ != TransformKind::kUnknown;
  if (!PreservesOrder() || !other.PreservesOrder()) return false;
  if (kind_ == TransformKind::kIdentity) return true;
  const auto granularity = [](TransformKind kind) {
    switch (kind) {
      case TransformKind::kHour:
        return 4;
      case TransformKind::kDay:
        return 3;
      case TransformKind::kMonth:
        return 2;
      case TransformKind::kYear:
        return 1;
      default:
        return 0;
    }
  };
  const int mine = granularity(kind_);
  const int theirs = granularity(other.kind_);
  return theirs > 0 && mine >= theirs;
}

std::string Transform::ToHumanString(const Value& result) const {
  if (result.is_null()) return "null";
  switch (kind_) {
    case TransformKind::kYear:
      return fmt::format("{:04}", 1970 + result.integer());
    case TransformKind::kMonth:
      return fmt::format("{:04}-{:02}", 1970 + FloorDivide(result.integer(), 12),
                         result.integer() - FloorDivide(result.integer(), 12) * 12 + 1);
    case TransformKind::kDay:
      return DateText(result.integer());
    case TransformKind::kHour: {
      const int64_t days = FloorDivide(result.integer(), 24);
      return fmt::format("{}-{:02}", DateText(days), result.integer() - days * 24);
    }
    default:
      break;
  }
  const bool raw = result.type_id() == TypeId::kBinary || result.type_id() == TypeId::kFixed;
  return raw ? Base64(result.bytes()) : result.ToString();
}

}  // namespace crannog::table::iceberg
