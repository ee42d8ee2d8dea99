#include "base/hash.h"

#include <openssl/evp.h>

#include "base/check.h"
#include "base/hex.h"

namespace crannog {

struct Hasher::Context {
  EVP_MD_CTX* evp;
};

Hasher::Hasher() : context_(std::make_unique<Context>(Context{EVP_MD_CTX_new()})) {
  CRANNOG_CHECK(context_->evp != nullptr);
  CRANNOG_CHECK(EVP_DigestInit_ex(context_->evp, EVP_sha256(), nullptr) == 1);
}

Hasher::~Hasher() { EVP_MD_CTX_free(context_->evp); }

void Hasher::Update(std::string_view piece) {
  CRANNOG_CHECK(EVP_DigestUpdate(context_->evp, piece.data(), piece.size()) == 1);
}

Hash Hasher::Finish() {
  Hash hash;
  unsigned length = 0;
  CRANNOG_CHECK(EVP_DigestFinal_ex(context_->evp, hash.bytes_.data(), &length) == 1);
  CRANNOG_CHECK(length == Hash::kSizeBytes);
  // A null type keeps SHA-256 and saves looking it up again.
  CRANNOG_CHECK(EVP_DigestInit_ex(context_->evp, nullptr, nullptr) == 1);
  return hash;
}

Hash Hash::Of(std::string_view content) {
  // One context a thread: OpenSSL 3 spends more on making one than on hashing a small content.
  thread_local Hasher hasher;
  hasher.Update(content);
  return hasher.Finish();
}

Result<Hash> Hash::FromBytes(std::string_view bytes) {
  if (bytes.size() != kSizeBytes) {
    return Fail(Code::kInvalid, "a hash has 32 bytes, not " + std::to_string(bytes.size()));
  }
  Hash hash;
  std::memcpy(hash.bytes_.data(), bytes.data(), kSizeBytes);
  return hash;
}

Result<Hash> Hash::FromHex(std::string_view hex) {
  if (hex.size() != 2 * kSizeBytes) {
    return Fail(Code::kInvalid,
                "a hash has 64 hexadecimal digits, not " + std::to_string(hex.size()));
  }
  CRANNOG_ASSIGN(const std::string bytes, HexDecode(hex));
  return FromBytes(bytes);
}

std::string Hash::ToHex() const { return HexEncode(bytes()); }

}  // namespace crannog
