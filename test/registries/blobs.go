package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"

	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// repositoryBlobs keeps blobs per repository: what was pushed to one is not in another until mounted there.
type repositoryBlobs struct {
	lock  sync.RWMutex
	bytes map[string][]byte
	in    map[string]bool // repository@digest
}

func newRepositoryBlobs() *repositoryBlobs {
	return &repositoryBlobs{bytes: map[string][]byte{}, in: map[string]bool{}}
}

// key undoes that go-containerregistry names the repository of an upload `repository/blobs`.
func key(repository, digest string) string {
	return strings.TrimSuffix(repository, "/blobs") + "@" + digest
}

func (b *repositoryBlobs) find(repository, digest string) ([]byte, error) {
	b.lock.RLock()
	defer b.lock.RUnlock()
	if !b.in[key(repository, digest)] {
		return nil, registry.ErrNotFound
	}
	return b.bytes[digest], nil
}

func (b *repositoryBlobs) has(repository, digest string) bool {
	_, err := b.find(repository, digest)
	return err == nil
}

func (b *repositoryBlobs) mount(to, from, digest string) bool {
	if !b.has(from, digest) {
		return false
	}
	b.lock.Lock()
	defer b.lock.Unlock()
	b.in[key(to, digest)] = true
	return true
}

func (b *repositoryBlobs) Get(_ context.Context, repository string, h v1.Hash) (io.ReadCloser, error) {
	found, err := b.find(repository, h.String())
	return io.NopCloser(bytes.NewReader(found)), err
}

func (b *repositoryBlobs) Stat(_ context.Context, repository string, h v1.Hash) (int64, error) {
	found, err := b.find(repository, h.String())
	return int64(len(found)), err
}

func (b *repositoryBlobs) Put(_ context.Context, repository string, h v1.Hash, content io.ReadCloser) error {
	all, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	b.lock.Lock()
	defer b.lock.Unlock()
	b.bytes[h.String()] = all
	b.in[key(repository, h.String())] = true
	return nil
}

func (b *repositoryBlobs) Delete(_ context.Context, repository string, h v1.Hash) error {
	b.lock.Lock()
	defer b.lock.Unlock()
	delete(b.in, key(repository, h.String()))
	return nil
}
