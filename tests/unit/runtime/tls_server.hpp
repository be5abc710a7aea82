#pragma once

#include <arpa/inet.h>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <functional>
#include <memory>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace bindery::test {

/// A key and a certificate that it signed itself, valid for one host name or address.
class self_signed {
 public:
  /// `subject` as in `DNS:localhost` or `IP:127.0.0.1`.
  explicit self_signed(const std::string& subject)
      : key_(EVP_EC_gen("P-256"), EVP_PKEY_free), certificate_(X509_new(), X509_free) {
    auto* x509 = certificate_.get();
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -60);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, key_.get());
    auto* name = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(x509, name);
    auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, subject.c_str());
    X509_add_ext(x509, extension, -1);
    X509_EXTENSION_free(extension);
    if (X509_sign(x509, key_.get(), EVP_sha256()) == 0) throw std::runtime_error("cannot sign");
  }

  void write_certificate(const std::string& path) const {
    auto* file = std::fopen(path.c_str(), "w");
    PEM_write_X509(file, certificate_.get());
    std::fclose(file);
  }

  EVP_PKEY* key() const { return key_.get(); }
  X509* certificate() const { return certificate_.get(); }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> certificate_;
};

/// Answers every request on loopback with `200 ok` over TLS, one connection at a time, and closes.
class tls_server {
 public:
  /// What to do with a connection instead, once its handshake is over.
  using script = std::function<void(SSL*)>;

  /// `protocol` is what ALPN settles on, "" for none: `h2`.
  explicit tls_server(const self_signed& identity, script talk = answer_ok,
                      std::string protocol = {})
      : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free),
        talk_(std::move(talk)),
        protocol_(std::move(protocol)) {
    if (!protocol_.empty()) SSL_CTX_set_alpn_select_cb(context_.get(), &choose, &protocol_);
    SSL_CTX_use_certificate(context_.get(), identity.certificate());
    SSL_CTX_use_PrivateKey(context_.get(), identity.key());
    listen_fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    if (::bind(listen_fd_, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::listen(listen_fd_, 16) != 0 ||
        ::getsockname(listen_fd_, reinterpret_cast<sockaddr*>(&address), &length) != 0)
      throw std::runtime_error("cannot listen on loopback");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }

  ~tls_server() {
    ending_ = true;
    ::shutdown(listen_fd_, SHUT_RDWR);
    thread_.join();
    ::close(listen_fd_);
  }

  int port() const { return port_; }

 private:
  static void answer_ok(SSL* tls) {
    char bytes[4096];
    const std::string answer =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    if (SSL_read(tls, bytes, sizeof(bytes)) > 0)
      SSL_write(tls, answer.data(), static_cast<int>(answer.size()));
  }

  static int choose(SSL*, const unsigned char** chosen, unsigned char* bytes, const unsigned char*,
                    unsigned, void* protocol) {
    const auto& name = *static_cast<std::string*>(protocol);
    *chosen = reinterpret_cast<const unsigned char*>(name.data());
    *bytes = static_cast<unsigned char>(name.size());
    return SSL_TLSEXT_ERR_OK;
  }

  void serve() {
    // OpenSSL writes without MSG_NOSIGNAL.
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    while (!ending_) {
      int fd = ::accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      auto* tls = SSL_new(context_.get());
      SSL_set_fd(tls, fd);
      if (SSL_accept(tls) == 1) talk_(tls);
      SSL_shutdown(tls);
      SSL_free(tls);
      ::close(fd);
    }
  }

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  script talk_;
  std::string protocol_;
  int listen_fd_ = -1;
  int port_ = 0;
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace bindery::test
