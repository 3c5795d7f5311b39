package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"
)

type requestRecord struct {
	Time      time.Time `json:"time"`
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	Query     string    `json:"query"`
	Status    int       `json:"status"`
	UserAgent string    `json:"userAgent"`
	Kind      string    `json:"kind"`
	Host      string    `json:"host"`
}

type requestLog struct {
	lock    sync.Mutex
	records []requestRecord
	file    *os.File
}

func newRequestLog(path string) (*requestLog, error) {
	if path == "" {
		return &requestLog{}, nil
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	return &requestLog{file: file}, err
}

func (l *requestLog) record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		record := requestRecord{
			Time: time.Now().UTC(), Method: r.Method, Path: r.URL.Path, Query: withoutSecrets(r.URL.Query()),
			UserAgent: r.UserAgent(), Kind: parsePath(r.URL.Path).kind, Host: r.Host,
		}
		answer := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			record.Status = answer.status
			l.add(record)
		}()
		next.ServeHTTP(answer, r)
	})
}

func withoutSecrets(query url.Values) string {
	for _, name := range []string{"_state", "password", "token", "refresh_token", "access_token"} {
		if query.Has(name) {
			query.Set(name, "REDACTED")
		}
	}
	return query.Encode()
}

func (l *requestLog) add(record requestRecord) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.records = append(l.records, record)
	if l.file != nil {
		_ = json.NewEncoder(l.file).Encode(record)
	}
}

// list is never nil: no requests are an empty list in JSON.
func (l *requestLog) list() []requestRecord {
	l.lock.Lock()
	defer l.lock.Unlock()
	return append([]requestRecord{}, l.records...)
}

func (l *requestLog) reset() {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.records = nil
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (s *statusWriter) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}
