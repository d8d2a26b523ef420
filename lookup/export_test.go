package lookup

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
)

// Trust has a client trust the certificate of a test's service.
func Trust(c *Client, cert *x509.Certificate) {
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	c.http.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: pool}
}
