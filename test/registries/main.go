// Command registries serves one test registry on a loopback address: `api` has the referrers API,
// `distribution` (the CNCF registry) has none, so that clients fall back to the referrers tag schema.
// The first line of its standard output is the registry's address, the second that of its control port.
package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

type options struct {
	kind, listen, control, requests     string
	tlsCert, tlsKey, tlsNames, tlsCaOut string
	realm                               string
	users, allows                       list
	tokenTTL, latency                   time.Duration
}

type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(v string) error { *l = append(*l, v); return nil }

func main() {
	// Whoever started this holds its standard input: when that one ends, however it ends, so does this.
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	log.SetFlags(0)
	log.SetPrefix("registries: ")
	if err := run(parseOptions(os.Args[1:])); err != nil {
		log.Fatal(err)
	}
}

func parseOptions(args []string) options {
	var o options
	f := flag.NewFlagSet("registries", flag.ExitOnError)
	f.StringVar(&o.kind, "kind", "api", "api | distribution")
	f.StringVar(&o.listen, "listen", "127.0.0.1:0", "address of the registry")
	f.StringVar(&o.control, "control", "127.0.0.1:0", "address of the control port (request log, faults)")
	f.StringVar(&o.requests, "request-log", "", "file that gets one JSON line per request")
	f.StringVar(&o.tlsCert, "tls-cert", "", "PEM certificate; with --tls-key")
	f.StringVar(&o.tlsKey, "tls-key", "", "PEM key")
	f.StringVar(&o.tlsNames, "tls-names", "", "names and addresses of a certificate made on the spot by a new CA")
	f.StringVar(&o.tlsCaOut, "tls-ca-out", "", "file that gets the certificate of that CA")
	f.Var(&o.users, "user", "name:password; turns token authentication on; repeatable")
	f.Var(&o.allows, "allow", "name:repository-glob:pull,push,delete; without one a user may do all; empty name: anybody")
	f.StringVar(&o.realm, "token-realm", "", "URL of the token server as clients see it; default: /token of the host they asked")
	f.DurationVar(&o.tokenTTL, "token-ttl", 5*time.Minute, "life of a token; short ones expire during a copy")
	f.DurationVar(&o.latency, "latency", 0, "added to each request")
	_ = f.Parse(args)
	return o
}

func run(o options) error {
	handler, control, err := assemble(o)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	address := listener.Addr().String()
	config, err := tlsConfig(o)
	if err != nil {
		return err
	}
	if config != nil {
		listener = tls.NewListener(listener, config)
	}
	controlListener, err := net.Listen("tcp", o.control)
	if err != nil {
		return err
	}
	fmt.Printf("%s\n%s\n", address, controlListener.Addr())
	go func() { log.Fatal(http.Serve(controlListener, control)) }()
	return http.Serve(listener, handler)
}

// assemble stacks what a request passes through: log, latency, faults, authentication, registry.
func assemble(o options) (handler, control http.Handler, err error) {
	var tokens *tokenServer
	if len(o.users) > 0 {
		if tokens, err = newTokenServer(o.users, o.allows, o.tokenTTL); err != nil {
			return nil, nil, err
		}
	}
	switch o.kind {
	case "api":
		handler = newAPIRegistry()
		if tokens != nil {
			handler = tokens.protect(handler)
		}
	case "distribution":
		if handler, err = newDistributionRegistry(tokens); err != nil {
			return nil, nil, err
		}
	default:
		return nil, nil, fmt.Errorf("--kind %q is unknown: api or distribution", o.kind)
	}
	if tokens != nil {
		handler = tokens.serveBeside(handler, o.realm)
	}
	faults := &faultList{}
	requests, err := newRequestLog(o.requests)
	if err != nil {
		return nil, nil, err
	}
	return requests.record(withLatency(o.latency, faults.apply(handler))), newControl(requests, faults), nil
}

func withLatency(latency time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(latency)
		next.ServeHTTP(w, r)
	})
}
